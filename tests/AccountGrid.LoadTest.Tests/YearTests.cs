using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Notices;
using AccountGrid.LoadTest.Years;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Tests;

public sealed class YearTests
{
    /// <summary>Some months of some accounts; the whole year is the verb <c>year</c>.</summary>
    [Fact]
    public async Task Months_of_life_break_no_rule()
    {
        var seed = Seeds.Or(3);
        var output = new StringWriter();
        var console = Console.Out;
        Console.SetOut(output);
        try
        {
            var status = await YearRun.RunAsync(new YearOptions(60, seed, 100, null), TestContext.Current.CancellationToken);
            Assert.True(status == 0, $"Seed {seed}:\n{output}");
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    /// <summary>Each day that closes is a row, and what it came from leaves the log: at noon it has what came since the morning two days before.</summary>
    [Fact]
    public async Task Once_days_close_the_log_is_cut_behind_them()
    {
        const int Meters = 40;
        const int Days = 5;
        const int ReadingsPerDay = Meters * 96;
        var result = await new GrowthRun(new GrowthOptions(Meters, 900, Days, null)).LiveAsync(_ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Wrong);
        Assert.Equal(Meters * (Days - 1), result.DayRows);
        Assert.Equal([1, 2, 3, 4, 5], result.Noons.Select(n => n.Day));
        Assert.All(result.Noons.Skip(1), n => Assert.InRange(n.Records, ReadingsPerDay * 2, ReadingsPerDay * 5 / 2));
        Assert.InRange(result.PerMeterAndDay(n => n.DayRows + n.Entries, Meters), 100, 10_000);
    }

    [Fact]
    public async Task A_flush_whose_connection_dies_is_written_once_and_memory_is_kept()
    {
        var clock = new YearClock(YearRun.Start);
        await using var grid = await YearGrid.StartAsync(null, 1, clock, new Nowhere(),
            [new TariffDefinition { Id = "t", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new RateDefinition("flat", "1")] }]);
        await SqlAsync("insert into account (id, partition) values ('A', 0)");

        // The first entries of each flush end their own connection; the sequence is outside the transaction and remembers.
        await SqlAsync("""
            create sequence cuts;
            create function cut() returns trigger language plpgsql as $$ begin
                if nextval('cuts') % 2 = 1 then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); end if; return null; end $$;
            create trigger cut after insert on entry for each statement execute function cut();
            """);
        var append = await grid.Log.AppendAsync(
            new LogAppend(0, 1, LogRecords.Encode(clock.NowMs, new OpenAccount(1, "A", 1, PaymentMode.Prepaid, 739_000, 0, false, []))));
        await grid.SettleAsync();
        for (var i = 1; i <= 3; i++)
        {
            await grid.Log.AppendAsync(new LogAppend(0, 1, LogRecords.Encode(clock.NowMs, new TakePayment(1, new(i), "bank", null))));
            await grid.SettleAsync();
        }

        await grid.FlushStatesAsync(0);
        Assert.Equal(3L, await ScalarAsync("select count(*) from entry"));
        Assert.Equal(6L, await ScalarAsync("select last_value from cuts"));
        Assert.Equal(1L, await ScalarAsync("select epoch from partition"));
        Assert.Equal(6L, await ScalarAsync("select balance_nano from account_balance"));
        Assert.Equal(AppendOutcome.Appended, append.Outcome);

        async Task SqlAsync(string sql)
        {
            await using var command = grid.Database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }

        async Task<long> ScalarAsync(string sql)
        {
            await using var command = grid.Database.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private sealed class Nowhere : IMessageChannel
    {
        public string Name => "file";

        public bool IsOn => true;

        public Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel) => Task.FromResult(Delivery.Delivered);
    }
}
