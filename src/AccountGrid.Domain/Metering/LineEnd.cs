using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>The end of a meter's line on an account.</summary>
internal static class LineEnd
{
    /// <summary>Ends a meter's line on its account at an instant that may lie before readings that have come already.</summary>
    /// <param name="registerWh">Its register then; null is the last value known at that instant.</param>
    /// <param name="isExchange">Whether the meter is exchanged, and not assigned to another account.</param>
    /// <param name="moved">The points behind the instant; null where it was refused or closed days are needed.</param>
    internal static DaysNeeded? Put(FoldContext context, AccountState account, MeterState meter, long atMs, long? registerWh, ReadingQuality quality,
        bool isExchange, out List<Point>? moved)
    {
        moved = null;
        var day = account.Calendar.DayOfIntervalEnd(atMs);
        if (day < ChangeableDays.FirstChangeableDay(context, meter, account))
        {
            context.Refuse(isExchange ? MeterRefusals.ExchangeTooLate : MeterRefusals.AssignmentTooLate,
                $"at: {Instants.ToText(atMs)} lies in a period that can no longer change.", account);
            return null;
        }

        if (registerWh is not null && AccountBounds.IsReachedByReadings(account))
        {
            context.Refuse(AccountRefusals.Limit,
                $"register: the account owes or has {new Money(AccountBounds.MaxNano)} with its debt, or that much is charged and not billed: nothing more "
                    + "is charged until it is paid or billed.", account);
            return null;
        }

        if (atMs < meter.Tail.TimeMs)
        {
            return ClosedDays.Around(meter, day);
        }

        var old = MeterLine.PointsOf(meter);
        var cut = MeterLine.IndexAtOrAfter(old, atMs + 1);
        var points = old[..cut];
        var (before, counting) = (points[^1], MeterLine.LastCounting(points));
        if (before.TimeMs == atMs && registerWh is { } given && given != before.ValueWh)
        {
            context.Refuse(isExchange ? MeterRefusals.ExchangeRegisterConflict : MeterRefusals.AssignmentRegisterConflict,
                $"register: {given} Wh, but the meter's reading at that instant is {before.ValueWh} Wh.", account);
            return null;
        }

        var end = new Point(atMs, registerWh ?? counting.ValueWh, quality);
        if (isExchange
            && (MeterLine.BeforeEnd(meter, points, end) is not { } known || Validation.Judge(meter.Rating, known, end, out _) != VeeOutcome.Accepted))
        {
            context.Refuse(MeterRefusals.ExchangeFinalRegister,
                $"at, final: the meter's last reading before it is {counting.ValueWh} Wh at {Instants.ToText(counting.TimeMs)}; {end.ValueWh} Wh at "
                    + $"{Instants.ToText(atMs)} cannot follow it.", account);
            return null;
        }

        if (before.TimeMs < atMs)
        {
            points.Add(end);
        }
        else if (!RegisterLine.Counts(before))
        {
            points[^1] = end;
        }

        if (LineChange.Rebook(context, meter, account, old, points, points.Count - 1) is { } needed)
        {
            return needed;
        }

        moved = old[cut..];
        return null;
    }
}
