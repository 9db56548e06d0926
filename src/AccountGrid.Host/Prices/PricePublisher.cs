using System.Text.Json;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Prices;

/// <summary>
/// Publishes prices: a row with the next number, then a record that names the number in the log of every partition. What a process that dies does not name, the
/// partitions do.
/// </summary>
internal sealed partial class PricePublisher(
    NpgsqlDataSource database, PriceCatalog prices, TariffCatalog tariffs, PostgresLog log, GridOptions options, TimeProvider time,
    ILogger<PricePublisher> logger)
{
    /// <summary>Creates a series. The same content again is the same series.</summary>
    public async Task<(bool Created, Refusal? Refusal)> CreateAsync(PriceSeriesDefinition definition, string person)
    {
        if (PriceSeriesCheck.Check(definition) is { } wrong)
        {
            return (false, wrong);
        }

        await using var command = database.CreateCommand(
            "insert into price_series (id, definition, created_by) values ($1, $2, $3) on conflict do nothing");
        Statements.Add(command, definition.Id);
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(definition, TariffCatalog.Json), NpgsqlDbType = NpgsqlDbType.Jsonb });
        Statements.Add(command, person);
        var isNew = await command.ExecuteNonQueryAsync() == 1;
        await prices.LoadAsync();
        return isNew || prices.Book.Get(definition.Id).Definition == definition
            ? (isNew, null)
            : (false, new(PriceRefusals.SeriesImmutable, $"id: series '{definition.Id}' exists with other content; use another id."));
    }

    /// <summary>Publishes prices of a series, or says why not.</summary>
    /// <param name="agreedBy">The second person; null where none has agreed.</param>
    public async Task<(PublishedAnswer? Answer, Refusal? Refusal)> PublishAsync(
        PriceSeries series, PublishPricesRequest body, string person, string? agreedBy)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var change = await connection.BeginTransactionAsync();
        await using (var gate = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('prices'))", connection, change))
        {
            await gate.ExecuteNonQueryAsync();
        }

        await prices.LoadAsync();
        var (draft, refusal) = await DraftAsync(series, body);
        refusal ??= draft is null ? null : Missing(series, draft, body, agreedBy);
        if (draft is null || refusal is not null)
        {
            return (null, refusal);
        }

        var added = draft.Prices.Count - draft.Corrected;
        if (draft.Prices.Count == 0)
        {
            return (new(series.Definition.Id, null, 0, 0, draft.Unchanged), null);
        }

        var number = await InsertAsync(connection, change, series, draft, body.Reason, person, agreedBy);
        await change.CommitAsync();
        await prices.LoadAsync();
        await NameAsync(number);
        return (new(series.Definition.Id, number, added, draft.Corrected, draft.Unchanged), null);
    }

    private async Task<(PriceDraft? Draft, Refusal? Refusal)> DraftAsync(PriceSeries series, PublishPricesRequest body)
    {
        await tariffs.LoadAllAsync();
        var isUsed = tariffs.All.Any(t => t.Definition.Dynamic?.Series == series.Definition.Id);
        return PriceDraft.Of(
            series, [.. body.Prices.Select(p => (p.Start.ToUnixTimeMilliseconds(), (string?)p.Price))], isUsed, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private static Refusal? Missing(PriceSeries series, PriceDraft draft, PublishPricesRequest body, string? agreedBy) =>
        draft.FirstCorrected is not (int row, long known) ? null
        : string.IsNullOrWhiteSpace(body.Reason)
            ? new(PriceRefusals.ReasonMissing,
                $"prices[{row}].price: '{body.Prices[row].Price}' changes {PriceSeriesCheck.TextOf(series.Definition, known)}, which is known for it; "
                    + $"{draft.Corrected} rows do. Corrections need a reason. Send them apart, so that new prices do not wait for them.")
        : draft.Begun > 0 && agreedBy is null
            ? new(AccessRefusals.ApprovalNeeded,
                $"prices[{row}].price: {draft.Begun} rows change prices of intervals that have begun; a second person must agree.")
        : null;

    private async Task<int> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction change, PriceSeries series, PriceDraft draft, string? reason, string person, string? agreedBy)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into price_publication (number, series, days, intervals, prices_micro, corrected, reason, published_by, agreed_by, published_at)
            select coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9 from price_publication returning number
            """, connection, change);
        Statements.Add(
            command, series.Definition.Id, draft.Prices.Select(p => DateOnly.FromDayNumber(p.Day)).ToArray(),
            draft.Prices.Select(p => (short)p.Index).ToArray(), draft.Prices.Select(p => p.Micro).ToArray(), draft.Corrected);
        command.Parameters.Add(new() { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        Statements.Add(command, person);
        command.Parameters.Add(new() { Value = (object?)agreedBy ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        Statements.Add(command, time.GetUtcNow());
        return (int)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Names a publication in all logs. It stands whatever comes of it: each partition looks for what its log does not name.</summary>
    private async Task NameAsync(int number)
    {
        try
        {
            var record = LogRecords.Encode(time.GetUtcNow().ToUnixTimeMilliseconds(), prices.After(number - 1)!);
            await log.AppendAsync([.. Enumerable.Range(0, options.Partitions).Select(p => new LogAppend(p, 1, record))]);
        }
        catch (Exception e) when (e is LogBackpressureException or LogUnavailableException)
        {
            NotNamed(logger, number, e);
        }
    }

    [LoggerMessage(6958, LogLevel.Warning, "Publication {Number} of prices was not named in all logs; partitions name it with their next sweep.")]
    private static partial void NotNamed(ILogger logger, int number, Exception cause);
}
