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
        if (outcome is VeeOutcome.Accepted or VeeOutcome.GapTooLong && (to.Quality & ReadingQuality.BackBillingBorder) != 0)
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

    /// <summary>Charges the difference between two neighbours, or holds it. Returns the later point with the shape it was spread by.</summary>
    internal static Point Book(FoldContext context, MeterState meter, AccountState account, in Point from, in Point to, byte[]? shape)
    {
        var outcome = OutcomeOf(meter, account, from, to, out var energy);
        if (outcome != VeeOutcome.Accepted)
        {
            meter.Held += energy;
            ReadingExceptions.Raise(context, meter, account, to, outcome, energy.Wh);
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
            ReadingExceptions.Raise(context, meter, account, to, VeeOutcome.Gap, 0);
        }

        return to.Shape == shape ? to : to with { Shape = shape };
    }

    /// <summary>Takes back exactly what <see cref="Book"/> did for the same two points.</summary>
    internal static void Unbook(FoldContext context, MeterState meter, AccountState account, in Point from, in Point to)
    {
        var outcome = OutcomeOf(meter, account, from, to, out var energy);
        if (outcome != VeeOutcome.Accepted)
        {
            meter.Held -= energy;
            ReadingExceptions.Resolve(context, meter, account, to, outcome);
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
            ReadingExceptions.Resolve(context, meter, account, to, VeeOutcome.Gap);
        }
    }

    private static bool IsGap(in MeterRating rating, in Point from, in Point to) =>
        rating.IntervalMs > 0 && to.TimeMs - from.TimeMs >= 2L * rating.IntervalMs;

    private readonly struct ChargeSink(AccountState account, int sign) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy) => account.AddEnergy(plan, rate, new Energy(sign * energy.Wh));
    }
}
