using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>The load shape that a gap is spread by.</summary>
internal static class LoadShapes
{
    /// <summary>Whether a difference falls on more than one price or day, so that a load shape decides what it costs.</summary>
    internal static bool NeedsShape(MeterState meter, AccountState account, in Point from, in Point to)
    {
        var plan = account.PlanAt(from.TimeMs);
        if (account.TariffOf(plan.Day).IsDynamic && to.TimeMs <= plan.EndMs && plan.IsOneHour(from.TimeMs, to.TimeMs))
        {
            // All of it weighs the same, whatever the shape is: an hourly reading under prices by the quarter of an hour.
            return false;
        }

        return from.ValueWh != to.ValueWh && meter.IsTimeOfUse(account, plan.Day) && !plan.IsSingleRate(from.TimeMs, to.TimeMs, out _);
    }

    /// <summary>The closed days whose use by hour a gap's shape needs and that are not in memory; null is none.</summary>
    internal static DaysNeeded? WeightsNeeded(FoldContext context, MeterState meter, AccountState account, int gapDay)
    {
        var first = Math.Max(gapDay - Limits.ShapeDays, ChangeableDays.FirstChangeableDay(context, meter, account));
        return first < meter.WeightsFromDay ? ClosedDays.From(meter, first) : null;
    }

    internal static byte[]? ShapeOf(MeterState meter, AccountState account, List<Point> points, int gapDay)
    {
        var first = gapDay - Limits.ShapeDays;
        var days = (meter.Weights ?? []).Where(w => w.Day >= first && w.Day < gapDay).Select(w => w.Weights).ToList();
        for (var day = Math.Max(first, meter.ClosedThroughDay + 1); day < gapDay + (Faults.Sabotage.LastShape ? 1 : 0); day++)
        {
            if (WeightsOf(meter, account, points, day) is { } weights)
            {
                days.Add(weights);
            }
        }

        return LoadShape.Of(days);
    }

    /// <summary>Use by hour of a local day, from the points known; null where its tariff has one price, or nothing tells.</summary>
    internal static byte[]? WeightsOf(MeterState meter, AccountState account, List<Point> points, int day)
    {
        if (!meter.IsTimeOfUse(account, day))
        {
            return null;
        }

        var plan = account.TariffOf(day).PlanOf(day);
        Span<long> hourly = stackalloc long[LoadShape.Length];
        hourly.Clear();
        var at = MeterLine.IndexAtOrAfter(points, plan.StartMs);
        while (at < points.Count && points[at].TimeMs < plan.EndMs)
        {
            var to = at + 1;
            while (to < points.Count && !RegisterLine.Counts(points[to]))
            {
                to++;
            }

            if (to < points.Count && RegisterLine.Counts(points[at])
                && Charging.OutcomeOf(meter, account, points[at], points[to], out var energy) == VeeOutcome.Accepted
                && LoadShape.Tells(points[at], points[to], energy))
            {
                hourly[plan.HourOf(plan.SlotOf(points[at].TimeMs))] += energy.Wh;
            }

            at = to;
        }

        return LoadShape.WeightsOf(hourly);
    }

    /// <summary>Differences behind a point that are spread by a shape and are none of those added: days before them may have another use by hour now.</summary>
    internal static List<Pair> Spread(MeterState meter, AccountState account, List<Point> points, List<Pair> added, int start)
    {
        var isAdded = added.ToHashSet();
        return MeterLine.PairsOf(points, points[start].TimeMs, long.MaxValue).FindAll(p => !isAdded.Contains(p)
            && NeedsShape(meter, account, points[p.From], points[p.To])
            && Charging.OutcomeOf(meter, account, points[p.From], points[p.To], out _) == VeeOutcome.Accepted);
    }

    /// <summary>
    /// Gaps behind a change whose load shape it changes: they begin within <see cref="Limits.ShapeDays"/> after a day whose use by hour is another one now.
    /// </summary>
    internal static List<Pair> Respread(MeterState meter, AccountState account, List<Point> old, List<Pair> gone, List<Point> points, List<Pair> added)
    {
        var (first, last) = (int.MaxValue, int.MinValue);
        Widen(old, gone);
        Widen(points, added);
        if (first > last)
        {
            return [];
        }

        var endMs = account.Calendar.StartOf(last + Limits.ShapeDays + 1);
        var pairs = MeterLine.PairsOf(points, account.Calendar.StartOf(first + 1), long.MaxValue);
        var isAdded = added.ToHashSet();
        pairs.RemoveAll(p => points[p.From].TimeMs >= endMs || !NeedsShape(meter, account, points[p.From], points[p.To]) || isAdded.Contains(p)
            || Charging.OutcomeOf(meter, account, points[p.From], points[p.To], out _) != VeeOutcome.Accepted);
        return pairs;

        void Widen(List<Point> of, List<Pair> changes)
        {
            foreach (var pair in changes)
            {
                var (from, to) = (of[pair.From], of[pair.To]);
                if (Charging.OutcomeOf(meter, account, from, to, out var energy) == VeeOutcome.Accepted && LoadShape.Tells(from, to, energy)
                    && meter.IsTimeOfUse(account, MeterLine.DayAt(account, from.TimeMs)))
                {
                    var day = MeterLine.DayAt(account, from.TimeMs);
                    (first, last) = (Math.Min(first, day), Math.Max(last, day));
                }
            }
        }
    }
}
