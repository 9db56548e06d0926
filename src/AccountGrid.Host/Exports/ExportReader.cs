using System.Runtime.CompilerServices;
using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Host.Rating;
using Npgsql;

namespace AccountGrid.Host.Exports;

/// <summary>
/// Rows of all accounts, partition by partition, for files: what flushes have written. No names of people, numbers or addresses. Each statement is a snapshot
/// of its own; entries and bills never change, so that only the newest can be missing.
/// </summary>
internal sealed class ExportReader(NpgsqlDataSource database, TariffCatalog tariffs, GridOptions options)
{
    /// <summary>Accounts by number: id, currency and zone, by the tariff that each was opened with. Neither of the two changes.</summary>
    private const string AccountsSql =
        """
        select a.number, a.id, (e.event->>'tariff')::int from account a
        join account_event e on e.partition = $1 and e.account = a.number and e.event->>'type' = 'account-opened'
        where a.partition = $1
        """;

    private const string EntriesSql =
        """
        select account, position, sequence, kind, amount_nano, balance_nano, at_ms, day, corrects_position, energy_nano, tiers_nano, standing_nano, tax_nano,
          levies_nano, export_nano, capacity_nano, power_factor_nano, reference
        from entry where partition = $1 and at_ms >= $2 and at_ms < $3 order by position, sequence
        """;

    private const string BillsSql =
        """
        select account, id, from_day, to_day, due_day, amount_nano, created_ms from bill
        where partition = $1 and created_ms >= $2 and created_ms < $3 order by position, id
        """;

    private const string BalancesSql =
        """
        select a.number, c.customer, b.balance_nano from account a left join account_balance b on b.partition = $1 and b.account = a.number
        left join customer_account c on c.account = a.number where a.partition = $1 order by a.number
        """;

    private static readonly ExportColumn Account = new("account", ExportType.Text);
    private static readonly ExportColumn Currency = new("currency", ExportType.Text);
    private static readonly ExportColumn Zone = new("zone", ExportType.Text);

    public ExportTable Entries(DateOnly from, DateOnly to, CancellationToken cancel) => new("entries",
    [
        Account, new("id", ExportType.Text), new("kind", ExportType.Text), Money("amount"), Money("balance"), At("at"), Day("day"),
        new("corrects", ExportType.Text), Money("energy"), Money("tiers"), Money("standing"), Money("tax"), Money("levies"), Money("export"), Money("capacity"),
        Money("power_factor"), new("reference", ExportType.Text), Currency, Zone,
    ], RowsAsync(EntriesSql, from, to, (r, partition, of) =>
    [
        of.Id, $"{partition}-{r.GetInt64(1)}-{r.GetInt32(2)}", r.GetString(3), new Money(r.GetInt64(4)), new Money(r.GetInt64(5)), Instant(r, 6), DayOf(r, 7),
        r.IsDBNull(8) ? null : $"{partition}-{r.GetInt64(8)}", new Money(r.GetInt64(9)), new Money(r.GetInt64(10)), new Money(r.GetInt64(11)),
        new Money(r.GetInt64(12)), new Money(r.GetInt64(13)), new Money(r.GetInt64(14)), new Money(r.GetInt64(15)), new Money(r.GetInt64(16)),
        r.IsDBNull(17) ? null : r.GetString(17), of.Currency, of.Zone,
    ], cancel));

    public ExportTable Bills(DateOnly from, DateOnly to, CancellationToken cancel) => new("bills",
    [
        Account, new("id", ExportType.Text), Day("from"), Day("to"), Day("due"), Money("amount"), At("created"), Currency, Zone,
    ], RowsAsync(BillsSql, from, to, (r, _, of) =>
    [
        of.Id, r.GetString(1), DayOf(r, 2), DayOf(r, 3), DayOf(r, 4), new Money(r.GetInt64(5)), Instant(r, 6), of.Currency, of.Zone,
    ], cancel));

    /// <summary>Balances as the last flush of states has them, some minutes old.</summary>
    public ExportTable Accounts(CancellationToken cancel) => new("accounts",
        [Account, new("customer", ExportType.Text), Money("balance"), Currency, Zone],
        RowsAsync(BalancesSql, null, null, (r, _, of) =>
            [of.Id, r.IsDBNull(1) ? null : r.GetString(1), r.IsDBNull(2) ? null : new Money(r.GetInt64(2)), of.Currency, of.Zone], cancel));

    private static ExportColumn Money(string name) => new(name, ExportType.Money, "currency");

    private static ExportColumn At(string name) => new(name, ExportType.Instant, "UTC");

    private static ExportColumn Day(string name) => new(name, ExportType.Day, "zone");

    private static object? Instant(NpgsqlDataReader r, int at) => Instants.ToInstant(r.GetInt64(at));

    private static object? DayOf(NpgsqlDataReader r, int at) => r.IsDBNull(at) ? null : r.GetFieldValue<DateOnly>(at);

    /// <param name="from">First day by UTC; null where the statement has no span.</param>
    /// <param name="to">Last day.</param>
    /// <param name="row">The row's values by its partition and account; column 0 is the account's number.</param>
    private async IAsyncEnumerable<object?[]> RowsAsync(string sql, DateOnly? from, DateOnly? to,
        Func<NpgsqlDataReader, int, (string Id, string Currency, string Zone), object?[]> row, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        for (var partition = 0; partition < options.Partitions; partition++)
        {
            var accounts = await AccountsAsync(connection, partition, cancel);
            await using var command = new NpgsqlCommand(sql, connection);
            Statements.Add(command, partition);
            if (from is { } first && to is { } last)
            {
                Statements.Add(command, MsOf(first), MsOf(last.AddDays(1)));
            }

            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                // An account whose opening is not written yet has nothing else either.
                if (accounts.TryGetValue(reader.GetInt32(0), out var of))
                {
                    yield return row(reader, partition, of);
                }
            }
        }
    }

    private async Task<Dictionary<int, (string Id, string Currency, string Zone)>> AccountsAsync(
        NpgsqlConnection connection, int partition, CancellationToken cancel)
    {
        var found = new List<(int Number, string Id, int Tariff)>();
        await using (var command = new NpgsqlCommand(AccountsSql, connection))
        {
            Statements.Add(command, partition);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                found.Add((reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2)));
            }
        }

        var accounts = new Dictionary<int, (string, string, string)>(found.Count);
        foreach (var (number, id, tariff) in found)
        {
            var definition = (await tariffs.FindAsync(tariff)).Definition;
            accounts[number] = (id, definition.Currency, definition.Zone);
        }

        return accounts;
    }

    private static long MsOf(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
