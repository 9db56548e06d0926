using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Billing;

/// <summary>Writes each closed bill's document once, as soon as the day rows that it lists are in the database.</summary>
internal sealed partial class BillWriter(NpgsqlDataSource database, TariffCatalog tariffs, TimeProvider time, ILogger<BillWriter> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), time)
{
    private const int BillsMax = 200;

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await WriteAllAsync(cancel);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Documents of all bills whose partition has written its states since. One that cannot be written stops no other.</summary>
    internal async Task WriteAllAsync(CancellationToken cancel = default)
    {
        var reader = new BillReader(database, tariffs, new MeterRatioReader(database));
        var last = new UnwrittenBill(-1, "", 0, "", -1, 0, null!);
        for (var bills = await UnwrittenAsync(last); bills.Count > 0 && !cancel.IsCancellationRequested; bills = await UnwrittenAsync(last))
        {
            await tariffs.LoadAllAsync(cancel);
            foreach (var bill in bills)
            {
                try
                {
                    await WriteAsync(bill, reader);
                }
                catch (InvariantBrokenException e)
                {
                    Unwritable(logger, e, bill.Id, bill.AccountId);
                }

                last = bill;
            }
        }
    }

    /// <summary>Bills without a document behind another one, in the order of partitions and positions.</summary>
    private async Task<List<UnwrittenBill>> UnwrittenAsync(UnwrittenBill last)
    {
        await using var command = database.CreateCommand(
            """
            select b.partition, b.id, b.account, a.id, b.position, b.created_ms, b.facts::text
            from bill b join account a on a.number = b.account join partition p on p.partition = b.partition
            where b.document is null and p.state_position > b.position and (b.partition, b.position, b.id) > ($2, $3, $4)
            order by b.partition, b.position, b.id limit $1
            """);
        Statements.Add(command, BillsMax, last.Partition, last.Position, last.Id);
        await using var rows = await command.ExecuteReaderAsync();
        var bills = new List<UnwrittenBill>();
        while (await rows.ReadAsync())
        {
            bills.Add(new(
                rows.GetInt32(0), rows.GetString(1), rows.GetInt32(2), rows.GetString(3), rows.GetInt64(4), rows.GetInt64(5),
                JsonSerializer.Deserialize<BillFacts>(rows.GetString(6), EffectStatements.FactsJson)!));
        }

        return bills;
    }

    /// <summary>The bill's row is held meanwhile: an erasure of texts waits for the document, or has come before what it is made of is read.</summary>
    private async Task WriteAsync(UnwrittenBill bill, BillReader reader)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("select 1 from bill where partition = $1 and id = $2 and document is null for update", connection);
        Statements.Add(hold, bill.Partition, bill.Id);
        if (await hold.ExecuteScalarAsync() is null)
        {
            return;
        }

        var document = BillLines.Document(bill.Id, bill.AccountId, bill.CreatedMs, bill.Facts, await reader.ReadAsync(bill));
        await using var update = new NpgsqlCommand("update bill set document = $3 where partition = $1 and id = $2", connection);
        Statements.Add(update, bill.Partition, bill.Id);
        update.Parameters.Add(new() { Value = JsonSerializer.Serialize(document, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await update.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    internal static async Task<List<BillAnswer>> ListAsync(NpgsqlDataSource database, AccountAddress account, string? id)
    {
        await using var command = database.CreateCommand(
            """
            select id, from_day, to_day, due_day, amount_nano, document::text from bill
            where partition = $1 and account = $2 and ($3 = '' or id = $3) order by to_day desc, id desc
            """);
        Statements.Add(command, account.Partition, account.Number, id ?? "");
        await using var reader = await command.ExecuteReaderAsync();
        var bills = new List<BillAnswer>();
        while (await reader.ReadAsync())
        {
            JsonElement? document = null;
            if (!reader.IsDBNull(5))
            {
                using var json = JsonDocument.Parse(reader.GetString(5));
                document = json.RootElement.Clone();
            }

            bills.Add(
                new BillAnswer(reader.GetString(0), Day(reader, 1)!, Day(reader, 2)!, Day(reader, 3), new Money(reader.GetInt64(4)).ToString(), document));
        }

        return bills;
    }

    private static string? Day(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Instants.DayToText(reader.GetFieldValue<DateOnly>(column).DayNumber);

    [LoggerMessage(6003, LogLevel.Warning, "Bills could not be written; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6006, LogLevel.Error, "The document of bill {Bill} of account {Account} cannot be written.")]
    private static partial void Unwritable(ILogger logger, Exception cause, string bill, string account);
}
