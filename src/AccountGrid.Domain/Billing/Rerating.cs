using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>
/// What days have cost, and what they would have cost under another tariff version: the charge of periods as the fold works it out, taken apart by day.
/// (DOMAIN, tariffs: one account's history can be re-rated under another version.)
/// </summary>
public static class Rerating
{
    /// <summary>
    /// Cost of each local day, in order: what the periods' charges are at its end beyond what they were at the end of the day before, so that the days of a
    /// period sum to its charge with tiers, standing charge and tax. A day of the account without use has the standing charge of its tariff.
    /// </summary>
    /// <param name="days">In any order; days before the first one shown count towards tiers of its period.</param>
    /// <param name="household">Of the whole time.</param>
    /// <param name="tariffOf">The tariff that a day is rated by, for its standing charge.</param>
    /// <param name="life">First and last local day of the account, which have standing charges; <see cref="int.MaxValue"/> for one that is open.</param>
    /// <param name="fromDay">First day that is shown.</param>
    /// <param name="toDay">Last day.</param>
    public static IReadOnlyList<WideMoney> DailyCosts(
        IEnumerable<UsedDay> days, Household household, Func<int, Tariff> tariffOf, (int First, int Last) life, int fromDay, int toDay)
    {
        var byDay = days.Where(d => d.Day <= toDay).ToLookup(d => d.Day);
        var periods = new List<(Tariff Tariff, int Start, int Begin, Sums Sums)>();
        var costs = new List<WideMoney>();
        var first = byDay.Select(g => g.Key).DefaultIfEmpty(int.MaxValue).Min();
        for (var day = Math.Max(life.First, Math.Min(tariffOf(Math.Max(fromDay, life.First)).PeriodStartOf(fromDay), first)); day <= toDay; day++)
        {
            var cost = day <= life.Last ? Add(periods, tariffOf(day), day, new(default, WideMoney.Zero, 1), household) : WideMoney.Zero;
            foreach (var used in byDay[day])
            {
                cost += Add(periods, used.Tariff, day, SumsOf(used), household);
            }

            if (day >= fromDay)
            {
                costs.Add(cost);
            }
        }

        // Days before the account was opened cost nothing.
        costs.InsertRange(0, Enumerable.Repeat(WideMoney.Zero, Math.Max(0, toDay - fromDay + 1 - costs.Count)));
        return costs;
    }

    /// <summary>
    /// A day's energy by the rates of another tariff. The energy is what was charged; over the day it lies as the day's readings say, evenly between two of
    /// them, and evenly over the whole day where they say nothing. The parts sum to the energy.
    /// </summary>
    /// <param name="points">Register values of the day in order, with the one before; a fall says nothing.</param>
    /// <param name="register">The register that counted it: a rate register has said when it was used, where the tariff has a rate for it.</param>
    public static UsedDay Under(Tariff tariff, int day, long wh, IReadOnlyList<Point> points, RegisterKind register = RegisterKind.Import)
    {
        if (tariff.RateOf(register) is { } rate)
        {
            var byRate = new long[tariff.RatesOn(day)];
            byRate[rate] = wh;
            return new(day, tariff, byRate);
        }

        if (!tariff.IsTimeOfUse)
        {
            return new(day, tariff, [wh]);
        }

        var plan = tariff.PlanOf(day);
        var weights = new long[tariff.RatesOn(day)];
        var sink = new DaySink(day, weights);
        var versions = new OneTariff(tariff);
        foreach (var (before, after) in points.Zip(points.Skip(1)).Where(p => p.Second.ValueWh > p.First.ValueWh && p.Second.TimeMs > p.First.TimeMs))
        {
            Spreader.Spread(versions, before.TimeMs, after.TimeMs, new Energy(after.ValueWh - before.ValueWh), null, ref sink);
        }

        if (weights.Sum() == 0)
        {
            Spreader.Spread(versions, plan.StartMs, plan.EndMs, new Energy(plan.EndMs - plan.StartMs), null, ref sink);
        }

        return new(day, tariff, Parts(wh, weights));
    }

    /// <summary>Adds to a period; what its charge is more than before.</summary>
    private static WideMoney Add(List<(Tariff Tariff, int Start, int Begin, Sums Sums)> periods, Tariff tariff, int day, Sums more, Household household)
    {
        var start = tariff.PeriodStartOf(day);
        var i = periods.FindIndex(p => p.Tariff == tariff && p.Start == start);
        if (i < 0)
        {
            // Days come in order: tiers of a kind begin with the first one that is under them.
            var same = periods.FindIndex(p => p.Start == start && p.Tariff.Tiers.PerYear == tariff.Tiers.PerYear);
            i = periods.Count;
            periods.Add((tariff, start, same < 0 ? day : periods[same].Begin, default));
        }

        // Months and years count apart, in January too, when both begin on one day.
        var earlier = new Energy(
            periods.Take(i).Where(p => p.Start == start && p.Tariff.Tiers.PerYear == tariff.Tiers.PerYear).Sum(p => p.Sums.Energy.Wh));
        var old = periods[i].Sums;
        var sums = new Sums(new(old.Energy.Wh + more.Energy.Wh), old.Base + more.Base, old.StandingDays + more.StandingDays);
        periods[i] = periods[i] with { Sums = sums };
        var terms = new TierTerms(household, start, tariff.TierPartFrom(start, periods[i].Begin));
        return ChargePeriod.TotalOf(sums, tariff, terms, earlier) - ChargePeriod.TotalOf(old, tariff, terms, earlier);
    }

    private static Sums SumsOf(UsedDay used)
    {
        var cost = WideMoney.Zero;
        for (var rate = 0; rate < used.RateWh.Count; rate++)
        {
            cost += WideMoney.Product(used.RateWh[rate], used.Tariff.PriceOf(used.Day, rate, used.PricesThrough).MicroPerKwh);
        }

        return new(new(used.RateWh.Sum()), cost, 0);
    }

    /// <summary>Parts of a whole in proportion to weights: differences of a floored running share, which sum to it.</summary>
    private static long[] Parts(long whole, long[] weights)
    {
        var total = weights.Aggregate((Int128)0, (sum, w) => sum + w);
        Int128 passed = 0;
        var given = 0L;
        var parts = new long[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            passed += weights[i];
            var upTo = (long)(whole * passed / total);
            parts[i] = upTo - given;
            given = upTo;
        }

        return parts;
    }

    private sealed class OneTariff(Tariff tariff) : ITariffByDay
    {
        public Tariff TariffOf(int day) => tariff;

        public DayPlan PlanAt(long ms) => tariff.PlanAt(ms);
    }

    /// <summary>Takes what lies on one day.</summary>
    private readonly struct DaySink(int day, long[] weights) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy)
        {
            if (plan.Day == day)
            {
                weights[rate] += energy.Wh;
            }
        }
    }
}
