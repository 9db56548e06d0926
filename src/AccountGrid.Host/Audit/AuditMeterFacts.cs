using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>What meters can measure against the events that tell of it, kept for ever: capacity, width, interval and ratio at every instant.</summary>
internal static class AuditMeterFacts
{
    /// <param name="events">Of the account, in their order.</param>
    public static IEnumerable<string> Differences(MeterState meter, IEnumerable<AccountEvent> events)
    {
        List<MeterFact>? told = null;
        foreach (var happened in events)
        {
            told = happened switch
            {
                MeterInstalled e when e.Meter == meter.Number && e.FromMs == meter.FromMs => [.. e.Facts ?? []],
                MeterExchanged e when e.NewMeter == meter.Number && e.AtMs == meter.FromMs => [.. e.Facts ?? []],
                MeterFactsSet e when e.Meter == meter.Number && e.FromMs >= meter.FromMs && told is not null && e.FromMs <= meter.UntilMs =>
                    [.. told, e.ToFact()],
                _ => told,
            };
        }

        if (told is null)
        {
            yield break;
        }

        var kept = meter.Rating.FactsFrom(meter.FromMs) ?? [];
        foreach (var ms in kept.Concat(told).Select(f => f.FromMs).Distinct().Where(ms => ms <= meter.UntilMs))
        {
            if (At(kept, ms) != At(told, ms))
            {
                yield return $"meter {meter.Number} has from {Instants.ToText(ms)} on {Text(At(kept, ms))}, and events tell of {Text(At(told, ms))}";
            }
        }
    }

    /// <summary>What holds from an instant on: of each fact the last that was set by then; what was set again at one instant holds.</summary>
    private static (long CapacityW, long WidthWh, int IntervalMs, long Ratio) At(IReadOnlyList<MeterFact> facts, long ms)
    {
        var known = facts.Where(f => f.FromMs <= ms).OrderBy(f => f.FromMs).ToList();
        return (known.LastOrDefault(f => f.CapacityW is not null)?.CapacityW ?? 0,
            known.LastOrDefault(f => f.RegisterWidthWh is not null)?.RegisterWidthWh ?? 0,
            known.LastOrDefault(f => f.IntervalMs is not null)?.IntervalMs ?? 0, known.LastOrDefault(f => f.RatioMicro is not null)?.RatioMicro ?? 1_000_000);
    }

    private static string Text((long CapacityW, long WidthWh, int IntervalMs, long Ratio) f) =>
        $"{f.CapacityW} W, a width of {f.WidthWh} Wh, {f.IntervalMs / 1_000} s and a ratio of {TransformerRatio.Text(f.Ratio)}";
}
