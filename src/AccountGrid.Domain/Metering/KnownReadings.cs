using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>Readings of a time that is known already, or that is too late.</summary>
internal static class KnownReadings
{
    /// <summary>Days that are looked at together when data that are too late come: what is resent comes by the month.</summary>
    private const int LookDays = 31;

    /// <summary>
    /// Late data that is not applied: it contradicts where another account's time begins, or is of a time that nobody can be charged for any more.
    /// </summary>
    internal static bool IsUnapplied(FoldContext context, MeterState meter, AccountState account, in Point known, in Reading reading)
    {
        if (known.TimeMs == meter.UntilMs && (known.Quality & ReadingQuality.Estimated) != 0 && known.ValueWh != reading.ValueWh)
        {
            // The next account's time began at the register where this one's was taken to end: what lies beyond it is charged there, and not here as well.
            ReadingExceptions.RaiseUnapplied(context, reading, account.Number, VeeOutcome.Conflict,
                $"The meter left this account at {Instants.ToText(meter.UntilMs)} with {known.ValueWh} Wh, the last value known then; the next account is "
                    + "charged from there.");
        }
        else if (account.Calendar.DayOfIntervalEnd(reading.TimeMs) < ChangeableDays.FirstChargeableDay(context, account))
        {
            ReadingExceptions.RaiseUnapplied(context, reading, account.Number, VeeOutcome.TooLate, null);
        }
        else
        {
            return false;
        }

        MeterReadings.Note(context, meter, account);
        return true;
    }

    internal static DaysNeeded? BehindTail(FoldContext context, MeterState meter, AccountState account, in Reading reading)
    {
        if (reading.TimeMs == meter.Tail.TimeMs
            && (meter.Tail.TimeMs == meter.FromMs
                || (meter.Tail.ValueWh == reading.ValueWh && Rank(meter.Tail).CompareTo(Rank(MeterReadings.PointOf(reading))) >= 0)))
        {
            if (meter.Tail.ValueWh != reading.ValueWh)
            {
                ReadingExceptions.RaiseUnapplied(context, reading, account.Number, VeeOutcome.Conflict,
                    $"The register at the start of this assignment is {meter.Tail.ValueWh} Wh.");
            }

            MeterReadings.Note(context, meter, account);
            return null;
        }

        var day = account.Calendar.DayOfIntervalEnd(reading.TimeMs);
        if (day >= ChangeableDays.FirstChangeableDay(context, meter, account))
        {
            return ClosedDays.Around(meter, day);
        }

        // Too late to change anything. What is known already is a duplicate all the same, whatever its age.
        if (!context.Looked.Holds(meter, day))
        {
            return new DaysNeeded(meter, day, AndPrevious: false,
                ThroughDay: Math.Min(day + LookDays, ChangeableDays.FirstChangeableDay(context, meter, account) - 1));
        }

        if (!context.Looked.Has(reading))
        {
            ReadingExceptions.RaiseUnapplied(context, reading, account.Number, VeeOutcome.TooLate, null);
        }

        MeterReadings.Note(context, meter, account);
        return null;
    }

    /// <summary>
    /// Same identity again: true if it replaces the value. A measured value replaces an estimate, a higher revision a lower one; of two that contradict each
    /// other the lower counts and a person is told. What is the same, or stands behind what is known, is done with. What a person decided about stands above
    /// every value of the same revision; one that is new is told of.
    /// </summary>
    internal static bool Replaces(FoldContext context, MeterState meter, AccountState account, in Point known, in Reading reading)
    {
        var point = MeterReadings.PointOf(reading);
        var rank = Rank(point).CompareTo(Rank(known));
        if (rank > 0 && known.TimeMs != meter.UntilMs)
        {
            ReadingExceptions.Resolve(context, meter, account, known, VeeOutcome.Conflict);
            return true;
        }

        var isNew = reading.ValueWh != known.ValueWh && (rank == 0 || known.TimeMs == meter.UntilMs || IsUndecided(known, point));
        if (isNew)
        {
            var replaces = rank == 0 && reading.ValueWh < known.ValueWh && known.TimeMs != meter.UntilMs;
            var (counts, other) = replaces ? (reading.ValueWh, known.ValueWh) : (known.ValueWh, reading.ValueWh);
            ReadingExceptions.RaiseUnapplied(context, reading with { ValueWh = other }, account.Number, VeeOutcome.Conflict,
                $"Another value of the same time is {counts} Wh, and counts.");
            if (replaces)
            {
                return true;
            }
        }

        MeterReadings.Note(context, meter, account);
        return false;
    }

    /// <summary>Which of two values of one time counts: the one that ranks higher. What is estimated in the place of a measured value ranks as that.</summary>
    internal static (bool IsMeasured, byte Revision, bool IsDecided) Rank(in Point point) => point.Decision is not { } d
        ? (!RegisterLine.IsEstimate(point), point.Revision, false)
        : (d.Kind == ReadingDecision.Edit || !IsEstimate(d.KnownQuality), point.Revision, true);

    /// <summary>Whether a value of a time that a person decided about is another one than they knew.</summary>
    private static bool IsUndecided(in Point known, in Point point) => known.Decision is { } d && point.ValueWh != d.KnownWh
        && !(d.Kind == ReadingDecision.Confirm && point.ValueWh == d.Wh)
        && Rank(known) is var decided && Rank(point) is var other && (decided.IsMeasured, decided.Revision) == (other.IsMeasured, other.Revision);

    private static bool IsEstimate(ReadingQuality quality) => (quality & (ReadingQuality.Estimated | ReadingQuality.Projected)) != 0;
}
