using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>States that an earlier build wrote account by account are pages after the migration, to the byte.</summary>
public sealed class PagesMigrationTests(GridFixture grid)
{
    private const string Before = """
        create table account_state (account int primary key, partition int not null, balance_nano bigint not null, credit_nano bigint not null, charged_nano bigint not null, ledger_nano bigint not null,
            charged_wh bigint not null, held_wh bigint not null, version_position bigint not null, state bytea not null);
        create table due (account int primary key);
        """;

    [Fact]
    public async Task Rows_become_pages_of_64_in_the_order_of_their_accounts()
    {
        var tariff = TariffCompiler.Compile(1, GridFixture.Flat()).Tariff!;
        await using var connection = await grid.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync("create schema migration_test; set local search_path = migration_test;" + Before);
        for (var number = 1; number <= 150; number++)
        {
            // Lengths on both sides of what one, and two, bytes of seven bits can say.
            var account = new AccountState(number, _ => tariff) { Credit = new Domain.Money(number * 1_000L) };
            account.Tariffs.Add(new TariffSpan(739_000, 1));
            account.Movements.AddRange(Enumerable.Range(0, number % 10 * 40).Select(i => new MoneyMovement(i, 739_000, new Domain.Money(long.MaxValue / 2), default, false)));
            await ExecuteAsync(
                "insert into account_state values ($1, $2, $3, 0, 0, 0, 0, 0, 0, $4)", number, number % 2, account.Balance.Nano, StateCodec.Encode(account));
        }

        using (var script = new StreamReader(typeof(PostgresDatabase).Assembly.GetManifestResourceStream(typeof(PostgresDatabase).Assembly.GetManifestResourceNames().Single(n => n.EndsWith("0003_pages.sql", StringComparison.Ordinal)))!))
        {
            await ExecuteAsync(await script.ReadToEndAsync());
        }

        await using var read = new NpgsqlCommand("select partition, page, accounts, balances_nano, states from account_page order by partition, page", connection, transaction);
        await using var reader = await read.ExecuteReaderAsync();
        var pages = new List<(int Partition, int Page, int[] Accounts)>();
        while (await reader.ReadAsync())
        {
            var accounts = PartitionState.Unpack((byte[])reader[4], _ => tariff);
            Assert.Equal((int[])reader[2], accounts.Select(a => a.Number));
            Assert.Equal((long[])reader[3], accounts.Select(a => a.Balance.Nano));
            Assert.All(accounts, a => Assert.Equal(a.Number % 10 * 40, a.Movements.Count));
            pages.Add((reader.GetInt32(0), reader.GetInt32(1), (int[])reader[2]));
        }

        Assert.Equal([(0, 0, 64), (0, 1, 11), (1, 0, 64), (1, 1, 11)], pages.Select(p => (p.Partition, p.Page, p.Accounts.Length)));
        Assert.Equal(Enumerable.Range(1, 150), pages.SelectMany(p => p.Accounts).Order());

        async Task ExecuteAsync(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            Array.ForEach(values, v => command.Parameters.Add(new() { Value = v }));
            await command.ExecuteNonQueryAsync();
        }
    }
}
