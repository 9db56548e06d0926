using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>What a difference between two points that count costs: charged or held, and taken back.</summary>
internal static class Charging
{
    /// <summary>
    /// The outcome of a difference: a function of its two points and the meter's rating, and of what it would cost by the tariffs of its days.
    /// </summary>
    internal static VeeOutcome OutcomeOf(MeterState meter, AccountState account, in Point from, in Point to, out Energy energy)
    {
        var outcome = Validation.Judge(meter.Rating, from, to, out energy);
        if (outcome is VeeOutcome.Accepted or VeeOutcome.GapTooLong && RegisterCodes.IsImport(meter.Register)
            && (to.Quality & ReadingQuality.BackBillingBorder) != 0)
        {
            return VeeOutcome.BackBilling;
        }

        if (outcome == VeeOutcome.Accepted && energy.Wh > Limits.SafeDifferenceWh)
        {
            var last = MeterLine.DayAt(account, to.TimeMs);
            for (var day = MeterLine.DayAt(account, from.TimeMs); day <= last; day = Math.Min(last + 1, account.TariffEndOf(day)))
            {
                if (energy.Wh > account.TariffOf(day).DifferenceMaxWh)
                {
                    return VeeOutcome.Spike;
                }
            }
        }

        return outcome;
    }

    /// <summary>
    /// Charges the difference between two neighbours, or holds it; of a line that is not charged it only speaks. Returns the later point with the shape it was
    /// spread by.
    /// </summary>
    internal static Point Book(FoldContext context, MeterState meter, AccountState account, in Point from, in Point to, byte[]? shape)
    {
        var outcome = OutcomeOf(meter, account, from, to, out var energy);
        energy = meter.IsCharged ? energy : Energy.Zero;
        if (outcome != VeeOutcome.Accepted)
        {
            if (outcome != VeeOutcome.Settled)
            {
                meter.Held += energy;
                ReadingExceptions.Raise(context, meter, account, to, outcome, energy.Wh);
            }

            return to.Shape is null ? to : to with { Shape = null };
        }

        if (energy.Wh != 0)
        {
            Rate(meter, account, from, to, energy, shape, 1);
            meter.Charged += energy;
        }

        if (IsGap(meter, from, to))
        {
            ReadingExceptions.Raise(context, meter, account, to, VeeOutcome.Gap, 0);
        }

        return to.Shape == shape ? to : to with { Shape = shape };
    }

    /// <summary>Takes back exactly what <see cref="Book"/> did for the same two points.</summary>
    internal static void Unbook(FoldContext context, MeterState meter, AccountState account, in Point from, in Point to)
    {
        var outcome = OutcomeOf(meter, account, from, to, out var energy);
        energy = meter.IsCharged ? energy : Energy.Zero;
        if (outcome != VeeOutcome.Accepted)
        {
            if (outcome != VeeOutcome.Settled)
            {
                meter.Held -= energy;
                ReadingExceptions.Resolve(context, meter, account, to, outcome);
            }

            return;
        }

        if (energy.Wh != 0)
        {
            Rate(meter, account, from, to, energy, to.Shape, -1);
            meter.Charged -= energy;
        }

        if (IsGap(meter, from, to))
        {
            ReadingExceptions.Resolve(context, meter, account, to, VeeOutcome.Gap);
        }
    }

    /// <summary>Since when the energy of a difference is spread, UTC ms: its beginning, or the last days of a gap that a person accepted.</summary>
    internal static long SpreadFromMs(in Point from, in Point to) => Math.Max(from.TimeMs, to.TimeMs - (Limits.GapMaxDays * Instants.MsPerDay));

    /// <summary>Charges a difference by the account's tariffs, or takes it back.</summary>
    /// <param name="sign">1 charges, -1 takes back.</param>
    internal static void Rate(MeterState meter, AccountState account, in Point from, in Point to, Energy energy, byte[]? shape, int sign)
    {
        if (meter.Register == RegisterKind.Reactive)
        {
            return;
        }

        if (meter.Register == RegisterKind.Export)
        {
            var export = new ExportSink(account, sign);
            Spreader.Spread(account, SpreadFromMs(from, to), to.TimeMs, energy, shape, ref export);
            return;
        }

        var sink = new ChargeSink(account, sign, meter.IsNetted);
        Spreader.Spread(meter.TariffsOf(account), SpreadFromMs(from, to), to.TimeMs, energy, shape, ref sink);
    }

    /// <summary>Intervals are those of what is charged: 1.8.0 beside rate registers may come at other times than they.</summary>
    internal static bool IsGap(MeterState meter, in Point from, in Point to) =>
        meter.IsCharged && meter.Rating.At(to.TimeMs).IntervalMs is > 0 and var intervalMs && to.TimeMs - from.TimeMs >= 2L * intervalMs;

    private readonly struct ChargeSink(AccountState account, int sign, bool isNetted) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy) => account.AddEnergy(plan, rate, new Energy(sign * energy.Wh), isNetted);
    }

    private readonly struct ExportSink(AccountState account, int sign) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy) => account.AddExport(plan, rate, new Energy(sign * energy.Wh));
    }
}
