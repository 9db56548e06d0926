using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.State;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Reconciliation;

/// <summary>
/// Compares business days of channels, keeps what was found, and signs days off. What is kept can be worked out again at any time from the files, the payments
/// and what people decided; only what was signed stays as it was.
/// </summary>
internal sealed class Reconciliations(NpgsqlDataSource database, ReconciliationItems items, CaseDesk desk, CaseCalendars calendars)
{
    /// <summary>Days on either side that are compared again when something of a day changes: over a weekend. Others follow when they are looked at.</summary>
    public const int DaysBeside = 3;

    /// <summary>Compares days and writes what is found. Of signed days only new differences are written, as corrections.</summary>
    public async Task RefreshAsync(PaymentChannelDefinition d, DateOnly from, DateOnly to)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ReconciliationStore.LockAsync(connection, transaction, d.Id);
        await CompareAsync(connection, transaction, d, from, to);
        await transaction.CommitAsync();
    }

    /// <summary>A day as it stands: counts by result, open differences and corrections, and who signed it.</summary>
    public async Task<ReconciliationDayAnswer> DayAsync(PaymentChannelDefinition d, DateOnly day, IReadOnlyList<SettlementAnswer> files)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ReconciliationStore.LockAsync(connection, transaction, d.Id);
        var results = await CompareAsync(connection, transaction, d, day, day);
        var answer = await AnswerAsync(connection, transaction, d, day, files, results);
        await transaction.CommitAsync();
        return answer;
    }

    /// <summary>Signs a day off, or says why it cannot be. A day that is signed stays as it was signed.</summary>
    public async Task<(ReconciliationDayAnswer? Answer, Refusal? Refusal)> SignOffAsync(
        PaymentChannelDefinition d, DateOnly day, DateOnly today, IReadOnlyList<SettlementAnswer> files, string by, string? note)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ReconciliationStore.LockAsync(connection, transaction, d.Id);
        var results = await CompareAsync(connection, transaction, d, day, day);
        var before = await AnswerAsync(connection, transaction, d, day, files, results);
        if (before.State == "signed")
        {
            await transaction.CommitAsync();
            return (before, null);
        }

        var undecided = await connection.ExecuteScalarAsync<int>(
            """
            select count(*)::int from reconciliation_item
            where channel = @Id and business_day = @day and (state = 'open' or (state = 'accepted' and outcome is null))
            """,
            new { d.Id, day }, transaction);
        var refusal =
            day >= today ? new Refusal(
                SettlementRefusals.DayNotOver, $"day: {day:yyyy-MM-dd} is not over; the channel's business day is {today:yyyy-MM-dd}.")
            : files.Count == 0 ? new(SettlementRefusals.NoFile, $"day: no settlement file of channel '{d.Id}' is about {day:yyyy-MM-dd}.")
            : undecided > 0 ? new(
                SettlementRefusals.ItemsOpen, $"day: {undecided} differences of {day:yyyy-MM-dd} are not decided, or their corrections are not done.")
            : null;
        if (refusal is not null)
        {
            await transaction.CommitAsync();
            return (null, refusal);
        }

        await connection.ExecuteAsync(
            """
            insert into reconciliation_day (channel, business_day, signed_by, note, results) values (@Id, @day, @by, @note, @results::jsonb)
            """,
            new { d.Id, day, by, note, results = JsonSerializer.Serialize(results, ApiJson.Options) }, transaction);
        await desk.CloseAsync(
            connection, transaction, CaseDesk.NoAccountPartition, CaseDesk.IdOfChannel(CaseKind.Reconciliation, d.Id, $"{day:yyyy-MM-dd}"), by, CaseResult.Done,
            "signed off");
        var answer = await AnswerAsync(connection, transaction, d, day, files, results);
        await transaction.CommitAsync();
        return (answer, null);
    }

    /// <summary>Writes that a line and what the grid has are the same.</summary>
    public async Task PairAsync(string channel, string lineKey, string ownTxn, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "insert into reconciliation_pair (channel, line_key, own_txn, decided_by) values (@channel, @lineKey, @ownTxn, @by) on conflict do nothing",
            new { channel, lineKey, ownTxn, by });
    }

    /// <summary>Compares and writes; what the last of the days has, by result.</summary>
    private async Task<List<ReconciliationCount>> CompareAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentChannelDefinition d, DateOnly from, DateOnly to)
    {
        var (lines, own) = await ReconciliationStore.LoadAsync(connection, transaction, d, from, to);
        var fee = new AgreedFee(d.Fee, Currencies.DigitsOf(d.Currency)!.Value);
        var all = Reconciler.Run(
            lines, own, fee, calendars.ForCurrency(d.Currency).Business, await ReconciliationStore.PairsAsync(connection, transaction, d.Id));
        var found = all.Lines.Where(l => l.Line.BusinessDay >= from && l.Line.BusinessDay <= to).ToList();
        var missing = all.MissingThere.Where(o => o.Own.Day >= from && o.Own.Day <= to).ToList();
        var signed = (await connection.QueryAsync<DateOnly>(
            "select business_day from reconciliation_day where channel = @Id and business_day between @from and @to", new { d.Id, from, to }, transaction))
            .ToHashSet();
        await ReconciliationStore.SetResultsAsync(connection, transaction, found, signed);
        await items.SetAsync(
            connection, transaction, d.Id, from, to,
            [.. found.Where(l => l.Result != ReconciliationResult.Matched).Select(ReconciliationItem.Of), .. missing.Select(ReconciliationItem.Of)], signed);
        await SetCasesAsync(connection, transaction, d, from, to, signed);
        return
            [
                .. found.Where(l => l.Line.BusinessDay == to).Select(l => (l.Result, l.Line.Amount))
                    .Concat(missing.Where(o => o.Own.Day == to).Select(o => (Result: ReconciliationResult.MissingThere, o.Own.Amount)))
                    .GroupBy(x => x.Result).OrderBy(g => g.Key)
                    .Select(g => new ReconciliationCount(ReconciliationResults.Name(g.Key), g.Count(),
                        g.Aggregate(WideMoney.Zero, (sum, x) => sum + x.Amount).ToString()))];
    }

    /// <summary>
    /// A day with open differences is a case until it is signed off. What is found afterwards is a case of its own, until it is decided.
    /// </summary>
    private async Task SetCasesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentChannelDefinition d, DateOnly from, DateOnly to, HashSet<DateOnly> signed)
    {
        var days = await connection.QueryAsync<(DateOnly Day, int Open, decimal Nano)>(
            """
            select business_day, count(*) filter (where state = 'open')::int,
              coalesce(sum(abs(coalesce(amount_nano, own_amount_nano, 0))) filter (where state = 'open'), 0) from reconciliation_item
            where channel = @Id and business_day between @from and @to group by business_day order by business_day
            """,
            new { d.Id, from, to }, transaction);
        foreach (var (day, open, nano) in days)
        {
            var thing = signed.Contains(day) ? $"{day:yyyy-MM-dd} corrections" : $"{day:yyyy-MM-dd}";
            if (open > 0)
            {
                var atRisk = new Money((long)Math.Min(nano, long.MaxValue));
                await desk.OpenAsync(connection, transaction, desk.OfChannel(
                    CaseKind.Reconciliation, d.Id, thing, $"{d.Id} {thing}: {open} differences", atRisk, d.Currency, d.Zone, d.Owner));
            }
            else if (signed.Contains(day))
            {
                await desk.CloseAsync(connection, transaction, CaseDesk.NoAccountPartition, CaseDesk.IdOfChannel(CaseKind.Reconciliation, d.Id, thing), "",
                    CaseResult.Done, "decided");
            }
        }
    }

    private static async Task<ReconciliationDayAnswer> AnswerAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentChannelDefinition d, DateOnly day, IReadOnlyList<SettlementAnswer> files,
        List<ReconciliationCount> results)
    {
        var (open, corrections) = await connection.QuerySingleAsync<(int, int)>(
            """
            select count(*) filter (where state = 'open')::int, count(*) filter (where is_correction and state <> 'gone')::int from reconciliation_item
            where channel = @Id and business_day = @day
            """,
            new { d.Id, day }, transaction);
        var signed = await connection.QuerySingleOrDefaultAsync<(string By, DateTimeOffset At, string? Note, string Results)?>(
            "select signed_by, signed_at, note, results::text from reconciliation_day where channel = @Id and business_day = @day", new { d.Id, day },
            transaction);
        return signed is { } s
            ? new(d.Id, day, d.Currency, "signed", files, JsonSerializer.Deserialize<List<ReconciliationCount>>(s.Results, ApiJson.Options)!, open, corrections,
                s.By, s.At, s.Note)
            : new(d.Id, day, d.Currency, "open", files, results, open, corrections, null, null, null);
    }
}
