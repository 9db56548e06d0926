using System.Runtime.CompilerServices;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Partitions;

/// <summary>
/// The plain reading: the next of a packed meter, within one rate and period, plausible, and moving the balance across no level. It is what
/// nearly all are, so it works on the row alone and allocates nothing. Whatever is not plain leaves the row as it is and goes the long way, which
/// gives the same state where both can go.
/// </summary>
public sealed partial class PartitionFold
{
    // By tariff number: what was last used, so that a reading looks up no dictionary.
    private (Tariff? Tariff, DayPlan? Plan)[] _plans = [];

    /// <summary>Readings that went the short way, since this fold began.</summary>
    public long PlainCount { get; private set; }

    private bool TakePlain(in Reading reading)
    {
        ref var row = ref State.FindPacked(reading.Meter, out var page);
        if (Unsafe.IsNullRef(in row) || reading.Register != RegisterKind.Import || reading.Quality != 0 || reading.Revision != 0)
        {
            return false;
        }

        var ms = reading.TimeMs - row.LastMs;
        var wh = reading.ValueWh - row.LastWh;
        if (reading.TimeMs > row.PlainUntilMs || ms is <= 0 or > Instants.MsPerDay || wh is < 0 or > Limits.DifferenceMaxWh || !row.HasRoom || NeedsAWord(row, reading.TimeMs, ms, wh))
        {
            return false;
        }

        if (wh != 0 && !ChargePlain(ref row, reading.TimeMs, (int)wh))
        {
            return false;
        }

        row.AppendPoint(page, reading.TimeMs, reading.ValueWh);
        row.ArrivalMs = State.NowMs;
        row.Position = _position;
        State.NoteChange(ref row, page);
        PlainCount++;
        return true;
    }

    /// <summary>Whether validation would say something of it: a gap, a spike, a run without consumption.</summary>
    private static bool NeedsAWord(in PackedAccount row, long timeMs, long ms, long wh) =>
        (row.IntervalMs > 0 && ms >= 2L * row.IntervalMs)
        || (row.CapacityW > 0 && (wh - 1) * Instants.MsPerHour > row.CapacityW * ms)
        || (wh == 0 && timeMs - row.ZeroSinceMs >= Limits.ZeroRunMs && row.LastMs - row.ZeroSinceMs < Limits.ZeroRunMs);

    private bool ChargePlain(ref PackedAccount row, long timeMs, int wh)
    {
        var frozen = wh == row.StepWh ? (byte)Math.Min(byte.MaxValue, row.FrozenCount + 1) : (byte)0;
        var (tariff, plan) = PlanOf(row.Tariff, row.LastMs);
        if (frozen == Limits.FrozenRunIntervals || !plan.IsSingleRate(row.LastMs, timeMs, out var rate))
        {
            return false;
        }

        var energy = new Energy(row.EnergyWh) + new Energy(wh);
        var sums = new Sums(energy, new Money(row.BaseNano) + (tariff.PriceOf(rate) * new Energy(wh)), row.StandingDays);
        var charge = ChargePeriod.ChargeOf(sums, tariff, row.Household, Energy.Zero).Total;
        var balance = (new Money(row.CreditNano) - charge).Nano;
        if (balance < row.NextFireNano || balance >= row.NextRearmNano)
        {
            return false;
        }

        row.EnergyWh = energy.Wh;
        row.BaseNano = sums.Base.Nano;
        row.ChargeNano = charge.Nano;
        row.FrozenCount = frozen;
        row.StepWh = wh;
        row.ZeroSinceMs = timeMs;
        return true;
    }

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
