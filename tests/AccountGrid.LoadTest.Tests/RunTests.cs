using System.Globalization;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.LoadTest.Commands;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.LoadTest.Tests;

/// <summary>Real runs: processes, a database, faults. They assert books, never speed.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task A_schedule_with_bad_gateways_and_a_killed_silo_closes_its_books()
    {
        var options = new RunOptions
        {
            Meters = 2_000,
            IntervalSeconds = 60,
            Speed = 60,
            Seconds = 14,
            WarmUpSeconds = 2,
            Silos = 2,
            NoticeEvery = 100,
            Prefix = "X",
            Faults = new GatewayFaults(0.03, 0.1, 0.1, 0.2, 3),
            Probes = new ProbeOptions(20, 5, 5, 10),
            Schedule = [PlannedFault.Parse("4:kill:2:1")],
            GridSettings = new Dictionary<string, string> { ["Grid__Partitions"] = "32" },
        };
        await using var run = new LoadRun(options, TimeProvider.System, new Silent());
        await run.PrepareAsync();
        await run.MeasureAsync(options.Speed, 2, 0, default);
        var result = await run.MeasureAsync(options.Speed, options.Seconds, options.WarmUpSeconds, default);
        var books = await run.CloseBooksAsync(default);
        Assert.True(books.Wrong == 0, string.Join('\n', books.Differences));
        Assert.True(result.Accepted >= 2_000 * 10, $"{result.Accepted} readings were accepted.");
        Assert.Equal(0, result.Rejected);
        Assert.True(result.Faults.Count >= 2 && result.Trouble.ContainsKey("batches with late lines") && result.Trouble.ContainsKey("resent"),
            "Not every fault happened: the run proves less than it should.");
        Assert.InRange(books.MoneyChecked, 1, 1_999);

        // The warm-up and the load behind it are one: a round left out between them would be a gap of every meter, and work that no real fleet makes.
        await using (var database = NpgsqlDataSource.Create(await run.Database!.DatabaseAsync("grid")))
        {
            await using var open = database.CreateCommand("select count(*) from reading_exception where code = 'reading.gap' and open");
            await Eventually.GetAsync(async () => (long)(await open.ExecuteScalarAsync())!, n => n == 0, "no open gap");
        }

        // Every account that crossed its level by the tester's model was sent its notice, though a silo was killed meanwhile.
        var notices = await run.NoticesAsync(default);
        Assert.InRange(notices.Crossed, 1, 2_000 / 100);
        Assert.Equal((notices.Crossed, 0), ((int)notices.Latencies.Count, notices.Missing));

        // A balance that is wrong by a hundredth is found: the books can fail. One whose meter's clock is right, since of others only the energy is compared.
        var account = $"XA{(Enumerable.Range(0, 10).First(g => !options.Faults.Drifts(g)) * 200) + 7:0000000}";
        using (var client = new GridClient(run.Grid!.Urls[0], run.Grid.Key))
        {
            await client.PostAsync<MoneyAnswer>($"/v1/accounts/{account}/adjustments", new AdjustmentRequest("0.01", "to be found"), "tamper");
        }

        var report = await RunReport.WriteAsync(result with { Books = books }, Path.Combine(run.Database.Folder, "report"));
        Assert.Contains("0 wrong", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
        var read = JsonSerializer.Deserialize<RunResult>(await File.ReadAllTextAsync(Path.Combine(run.Database.Folder, "report", "result.json")),
            RunResult.Json)!;
        Assert.Single(read.FaultSpans);
        Assert.Contains("kill of silo 1 at 4.", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
        Assert.Equal(2, read.CpuBySilo!.Count);
        Assert.All(read.CpuBySilo, cpu => Assert.InRange(cpu, 0.01, 120));
        Assert.All(read.Series, s => Assert.InRange(s.SiloCpu, 0, 8));

        // Two processes of which the second began two seconds after the first: counts add, and the time is that of both.
        var later =
            read with { Started = DateTimeOffset.Parse(read.Started, CultureInfo.InvariantCulture).AddSeconds(2).ToString("O", CultureInfo.InvariantCulture) };
        var merged = MergeCommand.Merge([read, later]);
        Assert.Equal((2 * result.Acknowledgement.Count, read.Seconds + 2), (merged.Acknowledgement.Count, merged.Seconds));
        Assert.Equal(read.Series[^1].Second + 2, merged.Series[^1].Second);
        var tampered = await run.CloseBooksAsync(default, patienceSeconds: 2);
        Assert.Equal(1, tampered.Wrong);
        Assert.StartsWith($"{account}: the balance must be", tampered.Differences[0], StringComparison.Ordinal);
    }

    /// <summary>All four targets, all turns, as processes: what they charged is checked by the verb itself.</summary>
    [Fact]
    public async Task A_comparison_of_four_targets_writes_its_ratios()
    {
        var folder = Directory.CreateTempSubdirectory("ag-compare-");
        var console = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            var file = Path.Combine(folder.FullName, "compare.json");
            Assert.Equal(0,
                await CompareCommand.RunAsync(new Commands.CompareOptions(800, 1, 1, file, null, 4, Backlog: true, WarmUpSeconds: 0.5),
                    TestContext.Current.CancellationToken));
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            var ratios = json.RootElement.GetProperty("ratios");
            Assert.All(["applied_vs_sql", "applied_vs_tutorial", "applied_vs_no_writes", "backlog_vs_sql"],
                name => Assert.True(ratios.GetProperty(name).GetDouble() > 0, name));
            var rates = json.RootElement.GetProperty("readings_per_second");
            Assert.All(["grid", "sql", "tutorial", "no-writes"],
                target => Assert.True(rates.GetProperty(target).GetProperty("single").GetProperty("applied").GetDouble() > 0, target));
            Assert.True(rates.GetProperty("sql").GetProperty("backlog").GetProperty("wal_bytes_per_reading").GetDouble() > 0);
        }
        finally
        {
            Console.SetOut(console);
            folder.Delete(recursive: true);
        }
    }

    private sealed class Silent : IProgressDisplay
    {
        public void Say(string line)
        {
        }

        public void Step(string what, int done, int of)
        {
        }

        public void Show(SecondSample sample)
        {
        }
    }
}
