using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Cli;

/// <summary>
/// The register that a known meter had before a file's first interval. Behind all that the grid has, it is the meter's last register. Within it, a value that
/// the grid has at the end of one of the file's intervals gives it; what was sent before then comes to the same values, and is nothing.
/// </summary>
internal static class RegisterStart
{
    /// <summary>Start of the first interval, UTC ms. An interval whose length nothing tells is taken as a second.</summary>
    public static long FirstStartMs(IntervalPlan plan) => plan.Intervals[0].EndMs - Math.Max(plan.StepMs, 1000);

    /// <summary>Wh, or why the meter's rows cannot be placed.</summary>
    public static async Task<(long? Wh, string? Wrong)> FindAsync(GridClient client, IntervalPlan plan)
    {
        var meter = Uri.EscapeDataString(plan.Meter);
        MeterAnswer known;
        try
        {
            known = await client.GetAsync<MeterAnswer>($"/v1/meters/{meter}");
        }
        catch (GridClientException e) when (e.Code == MeterRefusals.Unknown)
        {
            return (null,
                $"{plan.Meter}: the grid does not know this meter: register it first, or replay with --provision. None of its {plan.Intervals.Count} rows "
                    + "is sent.");
        }

        if (known.At.ToUnixTimeMilliseconds() < plan.Intervals[0].EndMs)
        {
            return (known.RegisterWh, null);
        }

        if (At(plan, [new ReadingAnswer(known.At, known.RegisterWh, "")]) is { } fromLast)
        {
            return (fromLast, null);
        }

        var days = await client.GetAsync<List<ExplainDay>>(
            $"/v1/meters/{meter}/days?from={Day(plan.Intervals[0].EndMs, -1)}&to={Day(plan.Intervals[^1].EndMs, 1)}");
        return At(plan, days.SelectMany(d => d.Readings)) is { } fromDays
            ? (fromDays, null)
            : (null, $"{plan.Meter}: the grid has readings up to {known.At:O}, and none at the end of one of the file's intervals: its "
                + $"{plan.Intervals.Count} rows cannot be placed in its register and are not sent.");
    }

    /// <summary>
    /// From a value at the end of an interval back to the start. Registers are stored in whole Wh, cut off; the start is a whole one, so it is found exactly.
    /// </summary>
    private static long? At(IntervalPlan plan, IEnumerable<ReadingAnswer> readings)
    {
        var known = readings.DistinctBy(r => r.At).ToDictionary(r => r.At.ToUnixTimeMilliseconds(), r => r.RegisterWh);
        var milliWh = 0L;
        foreach (var interval in plan.Intervals)
        {
            milliWh += interval.MilliWh;
            if (known.TryGetValue(interval.EndMs, out var wh))
            {
                return wh - (milliWh / 1000);
            }
        }

        return null;
    }

    private static string Day(long ms, int days) =>
        DateOnly.FromDateTime(Instants.ToInstant(ms).UtcDateTime).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
