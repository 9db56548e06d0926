using AccountGrid.Domain;

namespace AccountGrid.Host.Ingest;

/// <summary>What the instant and the value of a reading must be, whichever way it comes.</summary>
internal static class ReadingChecks
{
    /// <summary>Earliest and latest time that a reading may carry, UTC ms: 1990 and 2200.</summary>
    public const long MinMs = 631_152_000_000;
    public const long MaxMs = 7_258_118_400_000;

    private static readonly long[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    /// <summary>A value in Wh; what is less than a Wh is cut off. False where it is not from 0 to <see cref="Limits.RegisterMaxWh"/>.</summary>
    /// <param name="scale">Power of ten, from <see cref="IngestLimits.ScaleMin"/> to <see cref="IngestLimits.ScaleMax"/>.</param>
    public static bool TryScale(long value, int scale, out long wh)
    {
        wh = -1;
        if (value < 0)
        {
            return false;
        }

        if (scale <= 0)
        {
            wh = value / PowersOfTen[-scale];
        }
        else if (value <= Limits.RegisterMaxWh / PowersOfTen[scale])
        {
            wh = value * PowersOfTen[scale];
        }

        return wh is >= 0 and <= Limits.RegisterMaxWh;
    }

    /// <param name="field">Name of the field that has the instant.</param>
    public static Refusal InFuture(string field, long timeMs, long latestMs) => new(
        ReadingRefusals.TimeInFuture,
        $"{field}: {Instants.ToText(timeMs)} is later than {Instants.ToText(latestMs)}, the grid's clock and the allowance for drift.");

    public static Refusal OutOfRange(long value, int scale) =>
        new(ReadingRefusals.ValueOutOfRange, $"value: {value} times 10 to the {scale} is not from 0 to {Limits.RegisterMaxWh} Wh.");
}
