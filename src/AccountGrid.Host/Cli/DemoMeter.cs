namespace AccountGrid.Host.Cli;

/// <summary>A household's meter: a base load, a morning and an evening hump, and chance.</summary>
internal sealed class DemoMeter(int number, Random random)
{
    private readonly double _scale = 0.4 + (random.NextDouble() * 1.4);
    private double _wh;

    public int Number { get; } = number;

    public long Next(DateTimeOffset at, int minutes)
    {
        var hour = at.ToOffset(TimeSpan.FromHours(8)).TimeOfDay.TotalHours;
        var watts = _scale * (120 + (500 * Hump(hour, 7.5, 1.5)) + (900 * Hump(hour, 20, 2.2))) * (0.6 + (0.8 * random.NextDouble()));
        _wh += watts * minutes / 60;
        return (long)_wh;
    }

    private static double Hump(double hour, double middle, double width) => Math.Exp(-Math.Pow((hour - middle) / width, 2));
}
