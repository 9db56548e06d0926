using System.Text;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;
using AccountGrid.LoadTest.Commands;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Tests;

/// <summary>The tester's own model: what it holds the grid against must be right by itself.</summary>
public sealed class ModelTests
{
    private static readonly long Start = new DateTimeOffset(2026, 6, 29, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();

    [Theory]
    [InlineData("flat")]
    [InlineData("tou")]
    public void Its_tariff_costs_what_the_grids_does_for_any_energy(string name)
    {
        var load = LoadTariff.Find(name)!;
        var tariff = TariffCompiler.Compile(1, load.Definition()).Tariff!;
        var random = new Random(7);
        for (var i = 0; i < 5_000; i++)
        {
            var byRate = Enumerable.Range(0, load.Rates).Select(_ => random.Next(i % 3 == 0 ? 900_000 : 90_000)).ToArray();
            var energy = new Energy(byRate.Sum(wh => (long)wh));
            var sums = new Sums(energy, byRate.Select((wh, r) => tariff.PriceOf(r) * new Energy(wh)).Aggregate(Money.Zero, (a, b) => a + b), 0);
            Assert.Equal(ChargePeriod.ChargeOf(sums, tariff, default, Energy.Zero).Total.Nano, (long)(load.Charge(byRate) * Money.NanoPerUnit));
        }
    }

    [Fact]
    public void Its_rates_and_months_are_those_of_the_grids_calendar()
    {
        var load = LoadTariff.TimeOfUse;
        var tariff = TariffCompiler.Compile(1, load.Definition()).Tariff!;
        for (var at = Start; at < Start + (5 * Instants.MsPerDay); at += 900_000)
        {
            Assert.True(tariff.PlanAt(at).IsSingleRate(at, at + 900_000, out var rate));
            Assert.Equal(rate, load.RateAt(at));
            Assert.Equal(DateOnly.FromDayNumber(tariff.PlanAt(at).Day).Month, ((LoadTariff.MonthOf(at) - 1) % 12) + 1);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_readings_and_the_grid_reads_them_as_generated()
    {
        var (a, b) = (Fleet(2), Fleet(2));
        var (lines, again) = (new LineBuffer(), new LineBuffer());
        var energy = new int[200];
        for (var round = 0; round < 30; round++)
        {
            a.Generate(0, round, 0, lines, energy);
            b.Generate(0, round, 0, again, energy);
            a.Accept(0, round, energy);
        }

        Assert.Equal(lines.Written.ToArray(), again.Written.ToArray());
        var batch = BatchReader.Parse(lines.Written.Span, isNdjson: true, long.MaxValue).Batch!;
        Assert.Equal((30 * 200, 0), (batch.Readings.Count, batch.Errors.Count));
        var last = batch.Readings[^1].Reading;
        Assert.Equal((IdHash.Of(a.MeterId(199)), a.TimeOf(29), a.RegisterOf(199)), (last.MeterHash, last.TimeMs, last.ValueWh));
        Assert.Equal(a.RegisterOf(199) - MeterFleet.StartWh, a.AcceptedWh(199));
        var other = Fleet(3);
        var third = new LineBuffer();
        other.Generate(0, 0, 0, third, energy);
        Assert.NotEqual(lines.Written[..third.Length].ToArray(), third.Written.ToArray());
    }

    [Fact]
    public void Lines_held_back_are_neither_lost_nor_doubled()
    {
        var lines = new LineBuffer();
        Fleet(1).Generate(0, 0, 0, lines, new int[200]);
        var all = Encoding.UTF8.GetString(lines.Written.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var held = new LineBuffer();
        lines.Withhold(5, 10, held);
        Assert.Equal((180, 20), (lines.Lines, held.Lines));
        var both = (Encoding.UTF8.GetString(lines.Written.Span) + Encoding.UTF8.GetString(held.Written.Span)).Split('\n',
            StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(all.Order(), both.Order());
        Assert.StartsWith("{\"meter\":\"TM0000005\"", Encoding.UTF8.GetString(held.Written.Span), StringComparison.Ordinal);
        Assert.Equal(20, Enumerable.Range(0, 200).Count(GatewayPusher.MayBeHeld));
    }

    [Fact]
    public void Merged_results_have_the_percentiles_of_all_values()
    {
        var (whole, first, second) = (new Latencies(), new Latencies(), new Latencies());
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var latency = TimeSpan.FromMicroseconds(random.Next(1, i % 50 == 0 ? 900_000 : 9_000));
            whole.Record(latency);
            (i % 3 == 0 ? first : second).Record(latency);
        }

        var merged = LatencySummary.Merge([first.Summary(), second.Summary()]);
        Assert.Equal(whole.Summary() with { CountsByUs = [] }, merged with { CountsByUs = [] });
    }

    [Fact]
    public void Gateways_misbehave_in_the_asked_proportion_and_the_same_way_each_time()
    {
        var faults = new GatewayFaults(0.02, 0.05, 0.1, 0.25, 9);
        var count = Enumerable.Range(0, 100_000).Count(i => faults.Resends(i % 500, i / 500));
        Assert.InRange(count, 4_500, 5_500);
        Assert.InRange(Enumerable.Range(0, 10_000).Count(faults.Drifts), 2_200, 2_800);
        Assert.Equal(faults.LosesLinkFor(3, 17), new GatewayFaults(0.02, 0.05, 0.1, 0.25, 9).LosesLinkFor(3, 17));
        Assert.DoesNotContain(Enumerable.Range(0, 1_000), g => GatewayFaults.None.LosesLinkFor(g, g) > 0);
    }

    /// <summary>A clock goes wrong slowly: no interval is doubled or turned round by it.</summary>
    [Fact]
    public void Clocks_drift_apart_in_both_directions_and_never_jump()
    {
        const int IntervalMs = 60_000;
        var faults = new GatewayFaults(0, 0, 0, 0.5, 4);
        var ends = new List<int>();
        for (var gateway = 0; gateway < 200; gateway++)
        {
            Assert.Equal(0, faults.DriftMsOf(gateway, 0, IntervalMs));
            for (var round = 1; round < 100; round++)
            {
                Assert.InRange(faults.DriftMsOf(gateway, round, IntervalMs) - faults.DriftMsOf(gateway, round - 1, IntervalMs), -IntervalMs / 100, 2_000);
            }

            ends.Add(faults.DriftMsOf(gateway, 99, IntervalMs));
        }

        Assert.All(ends, e => Assert.InRange(e, -IntervalMs / 2, 120_000));
        Assert.InRange(ends.Count(e => e > 0), 30, 70);
        Assert.InRange(ends.Count(e => e < 0), 30, 70);
    }

    [Theory]
    [InlineData("60:kill:5:1", 60, "kill", 5, 1)]
    [InlineData("0.5:database", 0.5, "database", 5, 0)]
    public void A_planned_fault_is_read(string text, double at, string kind, double seconds, int silo) =>
        Assert.Equal(new PlannedFault(TimeSpan.FromSeconds(at), kind, TimeSpan.FromSeconds(seconds), silo), PlannedFault.Parse(text));

    [Theory]
    [InlineData("60")]
    [InlineData("x:kill")]
    [InlineData("60:burn")]
    [InlineData("60:kill:-1")]
    [InlineData("60:kill:5:x")]
    public void A_planned_fault_that_is_none_is_refused_by_name(string text) =>
        Assert.Contains(text, Assert.Throws<FormatException>(() => PlannedFault.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_that_cannot_be_are_refused_by_name()
    {
        Assert.Null(new RunOptions().Check());
        Assert.StartsWith("--interval: 7", new RunOptions { IntervalSeconds = 7 }.Check(), StringComparison.Ordinal);
        Assert.StartsWith("--meters: 0", new RunOptions { Meters = 0 }.Check(), StringComparison.Ordinal);
        Assert.StartsWith("--tariff: 'x'", new RunOptions { Tariff = "x" }.Check(), StringComparison.Ordinal);
        Assert.StartsWith("--part: 3/2", new RunOptions { Part = (3, 2) }.Check(), StringComparison.Ordinal);
        Assert.StartsWith("--fault: there is no silo 2", new RunOptions { Schedule = [PlannedFault.Parse("1:kill:1:2")] }.Check(), StringComparison.Ordinal);
        Assert.StartsWith("--fault: at 60 s", new RunOptions { Seconds = 60, Schedule = [PlannedFault.Parse("60:database")] }.Check(),
            StringComparison.Ordinal);
        Assert.StartsWith("--meters: 10000001", new RunOptions { Meters = 10_000_001 }.Check(), StringComparison.Ordinal);
        Assert.StartsWith("--part: 300 meters", new RunOptions { Meters = 300, Part = (2, 2) }.Check(), StringComparison.Ordinal);
        Assert.StartsWith("--link-loss: at full speed", new RunOptions { Speed = 0, Faults = new GatewayFaults(0.1, 0, 0, 0, 1) }.Check(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_faster_than_time_that_would_reach_the_future_is_refused_before_anything_begins()
    {
        await using var run = new LoadRun(new RunOptions { Speed = 600, Seconds = 3_600 }, TimeProvider.System, new ProgressDisplay());
        Assert.StartsWith("--speed: 600 times time for 3605 s", (await Assert.ThrowsAsync<FormatException>(run.PrepareAsync)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000, 12, 3, 60)]
    [InlineData(100_000, 20, 3, 5)]
    [InlineData(2_000, 0.5, 1, 1)]
    public void A_comparison_has_readings_of_the_past_for_all_its_turns(int meters, double seconds, int turns, int interval) =>
        Assert.Equal(interval, CompareCommand.IntervalOf(new CompareOptions(meters, seconds, turns, null, null, 64, Backlog: true), 2));

    [Fact]
    public void A_comparison_that_would_use_up_its_readings_is_refused() =>
        Assert.StartsWith("--seconds: 3 turns of 600 s",
            Assert.Throws<FormatException>(() => CompareCommand.IntervalOf(new CompareOptions(10_000, 600, 3, null, null, 64, Backlog: true), 2)).Message,
            StringComparison.Ordinal);

    /// <summary>A fault at 10 s that is felt for four seconds, and one that is not felt.</summary>
    [Fact]
    public void What_a_fault_did_is_told_from_the_seconds()
    {
        static SecondSample Sample(int second, long acknowledged, double ms) => new(second, 100, acknowledged, ms, 20, 5, 0, 0, 0, 0);
        var series =
            Enumerable.Range(1, 30).Select(s => s is > 11 and <= 14 ? Sample(s, 0, double.NaN) : s == 15 ? Sample(s, 400, 4_000) : Sample(s, 100, 30)).ToList();
        Assert.Equal("3 s without an acknowledgement; its p99 as before after 6 s, freshness all the time",
            Recovery.Of(series, new FaultSpan("kill of silo 0", 10, 13)));
        Assert.Equal("0 s without an acknowledgement; its p99 as before all the time, freshness all the time",
            Recovery.Of(series, new FaultSpan("freeze of silo 0", 20, 21)));
    }

    /// <summary>
    /// A hundred meters by the minute have at most two days, some 300,000 readings, behind them; by the quarter hour a fifteenth. Neither starts a grid.
    /// </summary>
    [Theory]
    [InlineData(60, 100_000)]
    [InlineData(900, 10_000)]
    public async Task A_search_for_more_readings_than_meters_have_is_refused_before_anything_begins(int interval, double rate)
    {
        var options = new RunOptions { Meters = 100, IntervalSeconds = interval, Seconds = 10 };
        var refusal = await Assert.ThrowsAsync<FormatException>(() => StepCommand.RunAsync(options, 100, rate, CancellationToken.None));
        Assert.StartsWith(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"--meters: 100 meters have no {rate:N0} readings a second behind them for 10 s"),
            refusal.Message, StringComparison.Ordinal);
        Assert.Contains("a shorter --interval", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_a_fleet_share_no_meter_and_leave_none_out()
    {
        var parts = Enumerable.Range(1, 3).Select(n => new RunOptions { Meters = 10_100, Part = (n, 3) }.FleetOf(TimeProvider.System)).ToList();
        Assert.Equal(Enumerable.Range(0, 10_100), parts.SelectMany(p => Enumerable.Range(p.First, p.Meters)));
    }

    private static MeterFleet Fleet(int seed) => new(new FleetOptions(0, 200, 60_000, Start, seed, "T", LoadTariff.TimeOfUse, LoadCurve.Standard));
}
