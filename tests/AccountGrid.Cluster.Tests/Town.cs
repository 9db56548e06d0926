using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;

namespace AccountGrid.Cluster.Tests;

/// <summary>Interval data for these tests, and what the grid must say about it.</summary>
internal static class Town
{
    /// <summary>Real series where they are at hand (some or all), else made-up ones; says which.</summary>
    public static async Task<List<IntervalSeries>> SeriesAsync(int? meters, string prefix = "")
    {
        var file = SharedData.Find(SharedData.Swiss);
        TestContext.Current.SendDiagnosticMessage(file is null ? "The shared real data is not here: using made-up series." : $"Using real series of {file}.");
        var series = file is null ? SharedData.MadeUp(meters ?? 120, 49, seed: 1) : await IntervalFile.ReadAsync(file);
        if (meters is { } some && file is not null)
        {
            // With those that have defects.
            string[] odd = ["CH9717902", "CH2046645", "CH2519845", "CH5219426"];
            series = [.. series.Where(s => odd.Contains(s.Meter)), .. series.Where(s => !odd.Contains(s.Meter)).Take(some - odd.Length)];
        }

        return [.. series.Select(s => s with { Meter = prefix + s.Meter })];
    }

    public static async Task<Dictionary<string, BalanceAnswer>> BalancesAsync(GridClient client, IEnumerable<IntervalSeries> series)
    {
        var balances = new Dictionary<string, BalanceAnswer>();
        foreach (var s in series)
        {
            balances[s.Meter] = await client.GetAsync<BalanceAnswer>($"/v1/accounts/{s.Meter}/balance");
        }

        return balances;
    }

    /// <summary>Rows of the file that a register can show.</summary>
    public static int RowsOf(List<IntervalSeries> series) => series.Sum(s => IntervalPlan.Of(s).Intervals.Count);

    /// <summary>Energy charged plus energy held equals the file's own sums, per meter and to the watt-hour; of rows that a register can show.</summary>
    public static async Task AssertEnergyAsync(GridClient client, List<IntervalSeries> series)
    {
        foreach (var s in series)
        {
            var meter = await client.GetAsync<MeterAnswer>($"/v1/meters/{s.Meter}");
            var sum = (long)Math.Floor(IntervalPlan.Of(s).Intervals.Sum(i => i.MilliWh) / 1000m);
            Assert.Equal(sum, meter.ChargedWh + meter.HeldWh);
        }
    }

    public static async Task AssertAuditAsync(GridProcess grid)
    {
        var (status, output) = await grid.AuditAsync();
        Assert.True(status == 0, output);
        Assert.Matches(@"differences\s+0\b", output);
        Assert.DoesNotMatch(@"readings applied\s+0\b", output);
    }
}
