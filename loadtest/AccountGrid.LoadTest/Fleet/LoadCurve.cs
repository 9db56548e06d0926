using AccountGrid.Host.MeterFiles;


namespace AccountGrid.LoadTest.Fleet;

/// <summary>
/// Mean power by hour of the local day for a class of customers, W. Made-up but plausible; or the shape of real data scaled to the class's mean.
/// </summary>
public sealed class LoadCurve
{
    private static readonly int[][] Classes =
    [
        // A home: morning and evening humps.
        [180, 150, 140, 130, 130, 170, 280, 380, 350, 300, 290, 310, 340, 310, 280, 280, 330, 450, 620, 680, 640, 520, 380, 250],

        // A small business: office hours.
        [300, 300, 300, 300, 300, 350, 600, 1200, 2200, 2600, 2700, 2600, 2300, 2600, 2700, 2600, 2400, 1900, 1200, 700, 500, 400, 350, 300],

        // A works with shifts: nearly flat.
        [9000, 8800, 8800, 8800, 9000, 9500, 11000, 12500, 13000, 13000, 13000, 12800, 12200, 12800, 13000, 13000, 12800, 12500, 12000, 11500, 11000, 10500,
            10000, 9500],
    ];

    private readonly int[][] _watts;

    private LoadCurve(int[][] watts) => _watts = watts;

    /// <summary>Capacity of a class's service, W: well above what its curve and noise can reach.</summary>
    public static readonly int[] CapacityW = [20_000, 60_000, 400_000];

    public static LoadCurve Standard { get; } = new(Classes);

    /// <summary>The hourly shape of an interval file's customers, scaled to each class's mean.</summary>
    public static LoadCurve FromFile(string path)
    {
        var byHour = new double[24];
        foreach (var series in IntervalFile.ReadAsync(path).GetAwaiter().GetResult())
        {
            foreach (var interval in series.Intervals)
            {
                byHour[LoadTariff.HourOf(interval.EndMs - 1)] += Math.Max(0, interval.MilliWh);
            }
        }

        var mean = byHour.Average();
        return mean <= 0
            ? throw new FormatException($"{path}: no consumption in it; a shape needs some.")
            : new LoadCurve([.. Classes.Select(c => byHour.Select(h => (int)(c.Average() * h / mean)).ToArray())]);
    }

    /// <summary>Of twenty customers one is a business, of two hundred one is a works.</summary>
    public static int ClassOf(int meter) => meter % 200 == 199 ? 2 : meter % 20 == 19 ? 1 : 0;

    public int WattsAt(int customerClass, int hour) => _watts[customerClass][hour];
}
