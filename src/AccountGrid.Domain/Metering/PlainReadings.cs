using System.Runtime.CompilerServices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>
/// The plain reading: the next of a packed meter, within one rate and period, plausible, and moving the balance across no level. It is what
/// nearly all are, so it works on the row alone and allocates nothing. Whatever is not plain leaves the row as it is and goes the long way, which
/// gives the same state where both can go.
/// </summary>
internal sealed class PlainReadings(PartitionState state, Func<int, Tariff> tariffs)
{
    // By tariff number: what was last used, so that a reading looks up no dictionary.
    private (Tariff? Tariff, DayPlan? Plan)[] _plans = [];

    /// <summary>Readings that went the short way, since this fold began.</summary>
    public long Count { get; private set; }

    /// <summary>Folds a reading if it is plain; else false, and nothing has changed.</summary>
    public bool Take(in Reading reading, long position)
    {
        ref var row = ref state.FindPacked(reading.Meter, out var page);
        if (Unsafe.IsNullRef(in row) || reading.Register != RegisterKind.Import || reading.Quality != 0 || reading.Revision != 0)
        {
            return false;
        }

        var ms = reading.TimeMs - row.LastMs;
        var wh = reading.ValueWh - row.LastWh;
        if (reading.TimeMs > row.PlainUntilMs || ms is <= 0 or > Instants.MsPerDay || wh is < 0 or > Limits.DifferenceMaxWh || !row.HasRoom
            || NeedsNotice(row, ms, wh))
        {
            return false;
        }

        var run = new Run(row.StepWh, row.RunSinceMs).With(new Point(row.LastMs, row.LastWh), new Point(reading.TimeMs, reading.ValueWh));
        if (SpeaksOf(row, run, reading.TimeMs) || (wh != 0 && !ChargePlain(ref row, reading.TimeMs, (int)wh)))
        {
            return false;
        }

        row.StepWh = (int)run.StepWh;
        row.RunSinceMs = run.SinceMs;
        row.AppendPoint(page, reading.TimeMs, reading.ValueWh);
        row.ArrivalMs = state.NowMs;
        row.Position = position;
        state.NoteChange(ref row, page);
        Count++;
        return true;
    }

    /// <summary>Whether validation would say something of the difference: a gap, a spike.</summary>
    private static bool NeedsNotice(in PackedAccount row, long ms, long wh) =>
        (row.IntervalMs > 0 && ms >= 2L * row.IntervalMs)
        || (row.CapacityW > 0 && (wh - 1) * Instants.MsPerHour > row.CapacityW * ms);

    /// <summary>Whether a run of equal differences is to be told of, or has been and ends.</summary>
    private static bool SpeaksOf(in PackedAccount row, Run run, long timeMs)
    {
        var old = new Run(row.StepWh, row.RunSinceMs);
        var (was, now) = (old.FindingAt(row.LastMs), run.FindingAt(timeMs));
        return was != now || (was is not null && run != old);
    }

    private bool ChargePlain(ref PackedAccount row, long timeMs, int wh)
    {
        var (tariff, plan) = PlanOf(row.Tariff, row.LastMs);
        if (wh > tariff.DifferenceMaxWh || !plan.IsSingleRate(row.LastMs, timeMs, out var rate))
        {
            return false;
        }

        var energy = new Energy(row.EnergyWh) + new Energy(wh);
        var sums = new Sums(energy, new WideMoney(row.BaseNano + (Int128)(PriceOf(tariff, plan, rate) * new Energy(wh)).Nano), row.StandingDays);
        var charge = ChargePeriod.TotalOf(sums, tariff, new(row.Household, plan.Day, row.TierPart), new Energy(row.BeforeWh));
        var balance = row.CreditNano - charge.Nano;
        if (balance < row.NextFireNano || balance >= row.NextRearmNano || !charge.IsMoney || !sums.Base.IsMoney)
        {
            return false;
        }

        row.EnergyWh = energy.Wh;
        row.BaseNano = (long)sums.Base.Nano;
        row.ChargeNano = (long)charge.Nano;
        return true;
    }

    private Price PriceOf(Tariff tariff, DayPlan plan, int rate) =>
        tariff.IsDynamic ? tariff.PriceOf(plan.Day, rate, state.Prices.Through) : tariff.PriceOf(rate);

    private (Tariff Tariff, DayPlan Plan) PlanOf(int number, long ms)
    {
        if (number < _plans.Length && _plans[number] is { Tariff: { } tariff, Plan: { } plan } && plan.Contains(ms))
        {
            return (tariff, plan);
        }

        if (number >= _plans.Length)
        {
            Array.Resize(ref _plans, number + 8);
        }

        tariff = tariffs(number);
        plan = tariff.PlanAt(ms);
        _plans[number] = (tariff, plan);
        return (tariff, plan);
    }
}
