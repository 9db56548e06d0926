namespace AccountGrid.Domain.Readings;

/// <summary>
/// The load shape that a gap is spread by: how the meter's energy fell on the hours of the last <see cref="Limits.ShapeDays"/> local days before the one that
/// the gap begins on, each day weighing the same. Of a day count differences of at most an hour that were charged and measured, at the hour in which they
/// begin, but for those that a person accepted, while its tariff has prices by time. A function of points alone: data that come later to one of those days
/// change the spread of the gap.
/// </summary>
public static class LoadShape
{
    /// <summary>Hours in a shape.</summary>
    public const int Length = 24;

    /// <summary>Weight of an average hour; the largest is 255, twelve times as much.</summary>
    private const int AverageWeight = 20;

    /// <summary>Weights by hour of energies by hour, each at most 255; null where there is no energy.</summary>
    public static byte[]? WeightsOf(ReadOnlySpan<long> hourly)
    {
        Int128 total = 0;
        foreach (var wh in hourly)
        {
            total += wh;
        }

        if (total == 0)
        {
            return null;
        }

        var weights = new byte[Length];
        for (var i = 0; i < Length; i++)
        {
            weights[i] = (byte)Int128.Min(255, (Int128)hourly[i] * Length * AverageWeight / total);
        }

        return weights;
    }

    /// <summary>The shape of some days' weights; null where there are none, so that a gap is spread evenly.</summary>
    public static byte[]? Of(IEnumerable<byte[]> days)
    {
        Span<long> sums = stackalloc long[Length];
        sums.Clear();
        foreach (var day in days)
        {
            for (var i = 0; i < Length; i++)
            {
                sums[i] += day[i];
            }
        }

        return WeightsOf(sums);
    }

    /// <summary>Whether a difference that was charged tells at which hour of its day it was used.</summary>
    public static bool Tells(in Point from, in Point to, Energy energy) =>
        energy.Wh > 0 && to.TimeMs - from.TimeMs <= Instants.MsPerHour && !RegisterLine.IsEstimate(from) && !RegisterLine.IsEstimate(to)
        && to.Decision is not { IsRight: true };
}
