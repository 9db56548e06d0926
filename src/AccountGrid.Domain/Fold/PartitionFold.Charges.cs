using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>What a difference between two points that count costs, the load shape that it is spread by, and how far back anything is charged.</summary>
public sealed partial class PartitionFold
{
    /// <summary>The word on a difference: of its two points and the meter's rating, and of what it would cost by the tariffs of its days.</summary>
    internal static VeeOutcome OutcomeOf(MeterState meter, AccountState account, in Point from, in Point to, out Energy energy)
    {
        var outcome = Validation.Judge(meter.Rating, from, to, out energy);
        if (outcome is VeeOutcome.Accepted or VeeOutcome.GapTooLong && (to.Quality & ReadingQuality.BackBillingBorder) != 0)
        {
            return VeeOutcome.BackBilling;
        }

        if (outcome == VeeOutcome.Accepted && energy.Wh > Limits.SafeDifferenceWh)
        {
            var last = DayAt(account, to.TimeMs);
            for (var day = DayAt(account, from.TimeMs); day <= last; day = Math.Min(last + 1, account.TariffEndOf(day)))
            {
                if (energy.Wh > account.TariffOf(day).DifferenceMaxWh)
                {
                    return VeeOutcome.Spike;
                }
            }
        }

        return outcome;
    }

    /// <summary>Charges the difference between two neighbours, or holds it. Returns the later point with the shape it was spread by.</summary>
    private Point Book(MeterState meter, AccountState account, in Point from, in Point to, byte[]? shape)
    {
        var outcome = OutcomeOf(meter, account, from, to, out var energy);
        if (outcome != VeeOutcome.Accepted)
        {
            meter.Held += energy;
            Raise(meter, account, to, outcome, energy.Wh);
            return to.Shape is null ? to : to with { Shape = null };
        }

        if (energy.Wh != 0)
        {
            var sink = new ChargeSink(account, 1);
            Spreader.Spread(account, from.TimeMs, to.TimeMs, energy, shape, ref sink);
            meter.Charged += energy;
        }

        if (IsGap(meter.Rating, from, to))
        {
            Raise(meter, account, to, VeeOutcome.Gap, 0);
        }

        return to.Shape == shape ? to : to with { Shape = shape };
    }

    /// <summary>Takes back exactly what <see cref="Book"/> did for the same two points.</summary>
    private void Unbook(MeterState meter, AccountState account, in Point from, in Point to)
    {
        var outcome = OutcomeOf(meter, account, from, to, out var energy);
        if (outcome != VeeOutcome.Accepted)
        {
            meter.Held -= energy;
            Resolve(meter, account, to, outcome);
            return;
        }

        if (energy.Wh != 0)
        {
            var sink = new ChargeSink(account, -1);
            Spreader.Spread(account, from.TimeMs, to.TimeMs, energy, to.Shape, ref sink);
            meter.Charged -= energy;
        }

        if (IsGap(meter.Rating, from, to))
        {
            Resolve(meter, account, to, VeeOutcome.Gap);
        }
    }

    private static bool IsGap(in MeterRating rating, in Point from, in Point to) =>
        rating.IntervalMs > 0 && to.TimeMs - from.TimeMs >= 2L * rating.IntervalMs;

    /// <summary>Whether a difference falls on more than one price or day, so that a load shape decides what it costs.</summary>
    private static bool NeedsShape(AccountState account, in Point from, in Point to)
    {
        var plan = account.PlanAt(from.TimeMs);
        return from.ValueWh != to.ValueWh && account.TariffOf(plan.Day).IsTimeOfUse && !plan.IsSingleRate(from.TimeMs, to.TimeMs, out _);
    }

    /// <summary>The closed days whose use by hour a gap's shape needs and that are not in memory; null is none.</summary>
    private DaysNeeded? WeightsNeeded(MeterState meter, AccountState account, int gapDay)
    {
        var first = Math.Max(gapDay - Limits.ShapeDays, FirstChangeableDay(meter, account));
        return first < meter.WeightsFromDay && first <= meter.ClosedThroughDay ? new DaysNeeded(meter, first, AndPrevious: false) : null;
    }

    private static byte[]? ShapeOf(MeterState meter, AccountState account, List<Point> points, int gapDay)
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
    private static byte[]? WeightsOf(MeterState meter, AccountState account, List<Point> points, int day)
    {
        var tariff = account.TariffOf(day);
        if (!tariff.IsTimeOfUse)
        {
            return null;
        }

        var plan = tariff.PlanOf(day);
        Span<long> hourly = stackalloc long[LoadShape.Length];
        hourly.Clear();
        var at = IndexAtOrAfter(points, plan.StartMs);
        while (at < points.Count && points[at].TimeMs < plan.EndMs)
        {
            var to = at + 1;
            while (to < points.Count && !RegisterLine.Counts(points[to]))
            {
                to++;
            }

            if (to < points.Count && RegisterLine.Counts(points[at]) && OutcomeOf(meter, account, points[at], points[to], out var energy) == VeeOutcome.Accepted && LoadShape.Tells(points[at], points[to], energy))
            {
                hourly[plan.HourOf(plan.SlotOf(points[at].TimeMs))] += energy.Wh;
            }

            at = to;
        }

        return LoadShape.WeightsOf(hourly);
    }

    /// <summary>Gaps behind a change whose load shape it changes: they begin within <see cref="Limits.ShapeDays"/> after a day whose use by hour is another one now.</summary>
    private static List<Pair> Respread(MeterState meter, AccountState account, List<Point> old, List<Pair> gone, List<Point> points, List<Pair> added)
    {
        var (first, last) = (int.MaxValue, int.MinValue);
        Widen(old, gone);
        Widen(points, added);
        if (first > last)
        {
            return [];
        }

        var endMs = account.Calendar.StartOf(last + Limits.ShapeDays + 1);
        var pairs = PairsOf(points, account.Calendar.StartOf(first + 1), long.MaxValue);
        var isAdded = added.ToHashSet();
        pairs.RemoveAll(p => points[p.From].TimeMs >= endMs || !NeedsShape(account, points[p.From], points[p.To]) || isAdded.Contains(p)
            || OutcomeOf(meter, account, points[p.From], points[p.To], out _) != VeeOutcome.Accepted);
        return pairs;

        void Widen(List<Point> of, List<Pair> changes)
        {
            foreach (var pair in changes)
            {
                var (from, to) = (of[pair.From], of[pair.To]);
                if (OutcomeOf(meter, account, from, to, out var energy) == VeeOutcome.Accepted && LoadShape.Tells(from, to, energy) && account.TariffOf(DayAt(account, from.TimeMs)) is { IsTimeOfUse: true })
                {
                    var day = DayAt(account, from.TimeMs);
                    (first, last) = (Math.Min(first, day), Math.Max(last, day));
                }
            }
        }
    }

    /// <summary>First local day that may be charged for under the account's pack, by the time of the log; <see cref="int.MinValue"/> where no pack says so.</summary>
    private int FirstChargeableDay(AccountState account)
    {
        if (account.Customer is null || PolicyOf(account, State.NowMs) is not { Definition.BackBillingMonths: > 0 and var months })
        {
            return int.MinValue;
        }

        return DateOnly.FromDayNumber(account.Calendar.DayOf(State.NowMs)).AddMonths(-months).DayNumber;
    }

    /// <summary>First local day of which late data can still change anything.</summary>
    private int FirstChangeableDay(MeterState meter, AccountState account) =>
        Math.Max(Math.Max(account.SettledBeforeDay, account.Calendar.DayOf(meter.Last.TimeMs) - Limits.ReopenMaxDays), FirstChargeableDay(account));

    /// <summary>
    /// A point to put before one that ends a gap which began before the first day that may be charged for: what was used up to that day, by time, is held and
    /// never charged. Null where the gap does not. A point that lies before that day is made a border itself.
    /// </summary>
    private Point? BackBillingBorder(MeterState meter, AccountState account, ref Point point)
    {
        var day = FirstChargeableDay(account);
        var from = meter.Last;
        if (day == int.MinValue || account.Calendar.StartOf(day) is var borderMs && from.TimeMs >= borderMs)
        {
            return null;
        }

        if (point.TimeMs <= borderMs)
        {
            point = point with { Quality = point.Quality | ReadingQuality.BackBillingBorder };
            return null;
        }

        if (point.ValueWh <= from.ValueWh)
        {
            return null;
        }

        var wh = from.ValueWh + (long)((Int128)(point.ValueWh - from.ValueWh) * (borderMs - from.TimeMs) / (point.TimeMs - from.TimeMs));
        return new Point(borderMs, wh, ReadingQuality.Derived | ReadingQuality.BackBillingBorder);
    }

    private readonly struct ChargeSink(AccountState account, int sign) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy) => account.AddEnergy(plan, rate, new Energy(sign * energy.Wh));
    }
}
