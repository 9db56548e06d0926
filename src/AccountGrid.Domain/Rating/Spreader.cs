namespace AccountGrid.Domain.Rating;

/// <summary>
/// Spreads the energy of [from, to) over local days and rates. Within one day and rate, the common case, nothing is spread. Else
/// each quarter hour weighs by the meter's own load shape at its hour (evenly without one) and parts are differences of a
/// floored running share, so they sum to the whole to the watt-hour.
/// </summary>
public static class Spreader
{
    /// <returns>Whether the energy had to be spread, in which case the shape matters and is kept with the point.</returns>
    public static bool Spread<TSink>(ITariffByDay tariffs, long fromMs, long toMs, Energy energy, byte[]? shape, ref TSink sink)
        where TSink : IEnergySink, allows ref struct
    {
        var plan = tariffs.PlanAt(fromMs);
        if (plan.IsSingleRate(fromMs, toMs, out var rate))
        {
            sink.Add(plan, rate, energy);
            return false;
        }

        var total = WeightBetween(tariffs, plan, fromMs, toMs, shape);
        if (total == 0)
        {
            shape = null;
            total = toMs - fromMs;
        }

        Walk(tariffs, plan, fromMs, toMs, energy, shape, total, ref sink);
        return true;
    }

    private static void Walk<TSink>(ITariffByDay tariffs, DayPlan plan, long fromMs, long toMs, Energy energy, byte[]? shape, Int128 total, ref TSink sink)
        where TSink : IEnergySink, allows ref struct
    {
        Int128 passed = 0;
        long given = 0;
        long pending = 0;
        var pendingRate = -1;
        var at = fromMs;
        while (at < toMs)
        {
            if (at >= plan.EndMs)
            {
                Flush(plan, ref pending, ref pendingRate, ref sink);
                plan = tariffs.PlanAt(at);
            }

            var slot = plan.SlotOf(at);
            var end = Math.Min(toMs, plan.StartMs + ((slot + 1) * Limits.SlotMs));
            passed += Weight(plan, slot, end - at, shape);
            var upTo = (long)(energy.Wh * passed / total);
            if (plan.RateOf(slot) != pendingRate)
            {
                Flush(plan, ref pending, ref pendingRate, ref sink);
                pendingRate = plan.RateOf(slot);
            }

            pending += upTo - given;
            given = upTo;
            at = end;
        }

        Flush(plan, ref pending, ref pendingRate, ref sink);
    }

    private static void Flush<TSink>(DayPlan plan, ref long pending, ref int rate, ref TSink sink)
        where TSink : IEnergySink, allows ref struct
    {
        if (pending != 0)
        {
            sink.Add(plan, rate, new Energy(pending));
        }

        pending = 0;
        rate = -1;
    }

    private static Int128 WeightBetween(ITariffByDay tariffs, DayPlan plan, long fromMs, long toMs, byte[]? shape)
    {
        if (shape is null)
        {
            return toMs - fromMs;
        }

        Int128 total = 0;
        for (var at = fromMs; at < toMs;)
        {
            if (at >= plan.EndMs)
            {
                plan = tariffs.PlanAt(at);
            }

            var slot = plan.SlotOf(at);
            var end = Math.Min(toMs, plan.StartMs + ((slot + 1) * Limits.SlotMs));
            total += Weight(plan, slot, end - at, shape);
            at = end;
        }

        return total;
    }

    private static Int128 Weight(DayPlan plan, int slot, long ms, byte[]? shape) => shape is null ? ms : (Int128)ms * shape[plan.HourOf(slot)];
}
