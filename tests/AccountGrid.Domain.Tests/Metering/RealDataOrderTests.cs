using System.Globalization;
using System.IO.Compression;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Testing;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>Real half-hourly readings with their real gaps, in other orders: where real interval data is found.</summary>
public sealed class RealDataOrderTests(ITestOutputHelper log)
{
    private const string Name = "au_sgsc_5_halfhourly.csv.gz";

    /// <summary>Readings of a meter that are tried, around its longest gap.</summary>
    private const int Rows = 692;

    [Theory]
    [InlineData("Australia/Brisbane")]
    [InlineData("Asia/Shanghai")]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("Pacific/Honolulu")]
    public void Shuffled_copies_of_real_meters_give_the_same_balance(string zone)
    {
        var file = RealFiles.Data(Name);
        Assert.SkipWhen(file is null, $"The real data ({Name}) is not here: only generated readings were tried. ACCOUNTGRID_REAL_DATA names its folder.");
        foreach (var (meter, readings) in Meters(file!))
        {
            var expected = Balance(zone, readings);
            for (var seed = 1; seed <= 3; seed++)
            {
                Reading[] shuffled = [.. readings, .. readings.Where((_, i) => i % 5 == 0)];
                new Random(seed).Shuffle(shuffled);
                Assert.True(expected == Balance(zone, shuffled), $"{meter} in {zone}, shuffled with {seed}");
            }

            log.WriteLine($"{meter}: {readings.Length} readings, balance {expected}");
        }
    }

    private static string Balance(string zone, Reading[] readings)
    {
        var grid = new FoldHarness(1, Given.Tou(zone) with { Tiers = Given.Tiers(), TaxBasisPoints = 1_000 });
        grid.Execute(0, Given.Open(1, "2012-01-01"));
        grid.Execute(0, new Domain.Commands.InstallMeter(7, 1, new MeterRating(25_000, 0, 1_800_000), readings.Min(r => r.TimeMs) - 1_800_000, 0));
        grid[0].Append(0, readings);
        grid.Settle();
        var account = grid.Account(1);
        return $"{account.Balance} {account.Meters[0].Charged.Wh} {account.Meters[0].Held.Wh}";
    }

    private static IEnumerable<(string Meter, Reading[] Readings)> Meters(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        reader.ReadLine();
        var rows = new List<(string Meter, long Ms, long Wh)>();
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            rows.Add((fields[0], Given.At(fields[1]), (long)(decimal.Parse(fields[2], CultureInfo.InvariantCulture) * 1_000)));
        }

        foreach (var meter in rows.GroupBy(r => r.Meter))
        {
            var all = meter.ToList();
            var gap = Enumerable.Range(1, all.Count - 1).MaxBy(i => all[i].Ms - all[i - 1].Ms);
            var from = Math.Clamp(gap - (Rows / 2), 0, all.Count - Rows);
            var wh = 0L;
            yield return (meter.Key, [.. all.Skip(from).Take(Rows).Select(r => new Reading(7, RegisterKind.Import, r.Ms, wh += r.Wh, 0, 0))]);
        }
    }
}
