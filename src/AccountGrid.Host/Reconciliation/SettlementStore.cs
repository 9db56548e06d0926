using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Http;
using AccountGrid.Host.Settlement.Formats;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Reconciliation;

/// <summary>Imported settlement files and their lines, which never change but for what the reconciliation says of them.</summary>
internal sealed class SettlementStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string Copy =
        "copy channel_settlement_line (settlement, ordinal, channel, line, kind, txn, refs, amount_nano, fee_nano, at, business_day, account, original) "
            + "from stdin (format binary)";

    /// <summary>The answer to the import of a file; null where the channel has not sent it.</summary>
    public async Task<SettlementAnswer?> FindAsync(string channel, byte[] hash)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<string>(
            "select answer::text from channel_settlement where channel = @channel and sha256 = @hash", new { channel, hash }) is { } answer
            ? Read(answer)
            : null;
    }

    /// <summary>Writes a file with all its lines, or finds it written; the answer that it then has.</summary>
    public async Task<SettlementAnswer> AddAsync(SettlementAnswer answer, byte[] hash, IReadOnlyList<SettlementLine> lines, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ReconciliationStore.LockAsync(connection, transaction, answer.Channel);
        var added = await connection.ExecuteAsync(
            """
            insert into channel_settlement (id, channel, sha256, first_day, last_day, answer, imported_by, imported_at)
            values (@Id, @Channel, @hash, @FirstDay, @LastDay, @text::jsonb, @by, @at) on conflict do nothing
            """,
            new
            {
                answer.Id,
                answer.Channel,
                hash,
                answer.FirstDay,
                answer.LastDay,
                text = JsonSerializer.Serialize(answer, ApiJson.Options),
                by,
                at = time.GetUtcNow().ToUniversalTime(),
            },
            transaction);
        if (added == 1)
        {
            await using var writer = await connection.BeginBinaryImportAsync(Copy);
            for (var i = 0; i < lines.Count; i++)
            {
                await WriteAsync(writer, answer, i, lines[i]);
            }

            await writer.CompleteAsync();
        }

        await transaction.CommitAsync();
        return (await FindAsync(answer.Channel, hash))!;
    }

    /// <summary>An imported file of a channel by its id; null where the channel has none such.</summary>
    public async Task<SettlementAnswer?> FindAsync(string channel, string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<string>(
            "select answer::text from channel_settlement where channel = @channel and id = @id", new { channel, id }) is { } answer ? Read(answer) : null;
    }

    /// <summary>Files of a channel that are about a day, in the order of their import.</summary>
    public async Task<List<SettlementAnswer>> OfDayAsync(string channel, DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<string>(
            """
            select answer::text from channel_settlement where channel = @channel and first_day <= @day and last_day >= @day order by imported_at, id
            """,
            new { channel, day });
        return [.. rows.Select(Read)];
    }

    /// <summary>Lines of a file behind a place, in its order.</summary>
    /// <param name="result">Null is any.</param>
    public async Task<List<(int Ordinal, SettlementLineAnswer Line)>> LinesAsync(string id, string? result, int after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<LineRow>(
            """
            select ordinal, line, kind, txn, amount_nano, fee_nano, at, business_day, account, original, result, matched_with from channel_settlement_line
            where settlement = @id and ordinal > @after and (@result::text is null or result = @result) order by ordinal limit @take
            """,
            new { id, result, after, take });
        return
            [
                .. rows.Select(r => (r.Ordinal, new SettlementLineAnswer(
                    r.Line, r.Kind, r.Txn, new Money(r.Amount_Nano).ToString(), new Money(r.Fee_Nano).ToString(), r.At, r.Business_Day, r.Account, r.Original,
                    r.Result, r.Matched_With)))];
    }

    /// <summary>What the grid has of the days of a file and no file does, behind a key, by key.</summary>
    public async Task<List<(string Key, SettlementLineAnswer Line)>> MissingThereAsync(string channel, SettlementAnswer file, string after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ReconciliationItemRow>(
            """
            select key, kind, own_txn, own_amount_nano, at, business_day, account, original from reconciliation_item
            where channel = @channel and business_day between @FirstDay and @LastDay and result = @result and state <> 'gone' and key > @after
            order by key limit @take
            """,
            new
            {
                channel,
                file.FirstDay,
                file.LastDay,
                result = ReconciliationResults.Name(ReconciliationResult.MissingThere),
                after,
                take,
            });
        return
            [
                .. rows.Select(r => (r.Key, new SettlementLineAnswer(
                    0, r.Kind, r.Own_Txn, new Money(r.Own_Amount_Nano!.Value).ToString(), Money.Zero.ToString(), r.At, r.Business_Day, r.Account, r.Original,
                    ReconciliationResults.Name(ReconciliationResult.MissingThere), null)))];
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter writer, SettlementAnswer file, int ordinal, SettlementLine line)
    {
        await writer.StartRowAsync();
        await writer.WriteAsync(file.Id, NpgsqlDbType.Text);
        await writer.WriteAsync(ordinal, NpgsqlDbType.Integer);
        await writer.WriteAsync(file.Channel, NpgsqlDbType.Text);
        await writer.WriteAsync(line.Line, NpgsqlDbType.Integer);
        await writer.WriteAsync(SettlementListing.Name(line.Kind), NpgsqlDbType.Text);
        await TextAsync(line.ChannelTxnId);
        await writer.WriteAsync(JsonSerializer.Serialize(line.References, ApiJson.Options), NpgsqlDbType.Jsonb);
        await writer.WriteAsync(line.Amount.Nano, NpgsqlDbType.Bigint);
        await writer.WriteAsync(line.Fee.Nano, NpgsqlDbType.Bigint);
        await (line.At is { } at ? writer.WriteAsync(at.UtcDateTime, NpgsqlDbType.TimestampTz) : writer.WriteNullAsync());
        await writer.WriteAsync(line.BusinessDay, NpgsqlDbType.Date);
        await TextAsync(line.Account);
        await TextAsync(line.Original);

        Task TextAsync(string? text) => text is null ? writer.WriteNullAsync() : writer.WriteAsync(text, NpgsqlDbType.Text);
    }

    private static SettlementAnswer Read(string json) => JsonSerializer.Deserialize<SettlementAnswer>(json, ApiJson.Options)!;

    /// <summary>A row of the table. Names are those of its columns.</summary>
    private sealed record LineRow
    {
        public int Ordinal { get; init; }

        public int Line { get; init; }

        public string Kind { get; init; } = "";

        public string? Txn { get; init; }

        public long Amount_Nano { get; init; }

        public long Fee_Nano { get; init; }

        public DateTimeOffset? At { get; init; }

        public DateOnly Business_Day { get; init; }

        public string? Account { get; init; }

        public string? Original { get; init; }

        public string? Result { get; init; }

        public string? Matched_With { get; init; }
    }
}
