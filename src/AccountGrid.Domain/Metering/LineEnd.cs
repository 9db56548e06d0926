using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>The end of a meter's line on an account.</summary>
internal static class LineEnd
{
    /// <summary>Ends the lines of a meter on its account at an instant that may lie before readings that have come already: all of them, or none.</summary>
    /// <param name="registers">Its registers then, by line; null is the last value known at that instant.</param>
    /// <param name="isExchange">Whether the meter is exchanged, and not assigned to another account.</param>
    /// <param name="moved">The points behind the instant, by line; null where it was refused or closed days are needed.</param>
    internal static DaysNeeded? Put(FoldContext context, AccountState account, MeterState meter, long atMs, IReadOnlyList<long?> registers,
        Func<long?, ReadingQuality> qualityOf, bool isExchange, out List<(MeterState Line, List<Point> Points)>? moved)
    {
        moved = null;
        var plans = new List<(MeterState Line, LinePlan Plan, List<Point> Moved)>();
        foreach (var (i, line) in meter.Lines.Index())
        {
            if (RefuseAt(context, account, line, atMs, registers[i], isExchange))
            {
                return null;
            }

            if (atMs < line.Tail.TimeMs)
            {
                return ClosedDays.Around(line, account.Calendar.DayOfIntervalEnd(atMs));
            }

            var old = MeterLine.PointsOf(line);
            var cut = MeterLine.IndexAtOrAfter(old, atMs + 1);
            if (EndOf(context, account, line, old[..cut], atMs, registers[i], qualityOf(registers[i]), isExchange) is not { } points)
            {
                return null;
            }

            if (LineChange.Plan(context, line, account, old, points, points.Count - 1, out var plan) is { } needed)
            {
                return needed;
            }

            plans.Add((line, plan!, old[cut..]));
        }

        plans.ForEach(p => LineChange.Apply(context, p.Line, account, p.Plan));
        moved = plans.ConvertAll(p => (p.Line, p.Moved));
        return null;
    }

    private static bool RefuseAt(FoldContext context, AccountState account, MeterState meter, long atMs, long? registerWh, bool isExchange)
    {
        if (account.Calendar.DayOfIntervalEnd(atMs) < ChangeableDays.FirstChangeableDay(context, meter, account))
        {
            context.Refuse(isExchange ? MeterRefusals.ExchangeTooLate : MeterRefusals.AssignmentTooLate,
                $"at: {Instants.ToText(atMs)} lies in a period that can no longer change.", account);
            return true;
        }

        if (registerWh is not null && AccountBounds.IsReachedByReadings(account))
        {
            context.Refuse(AccountRefusals.Limit,
                $"register: the account owes or has {new Money(AccountBounds.MaxNano)} with its debt, or that much is charged and not billed: nothing more "
                    + "is charged until it is paid or billed.", account);
            return true;
        }

        return false;
    }

    /// <summary>The points of a line up to its end, with it; null where it was refused.</summary>
    private static List<Point>? EndOf(FoldContext context, AccountState account, MeterState meter, List<Point> points, long atMs, long? registerWh,
        ReadingQuality quality, bool isExchange)
    {
        var (before, counting) = (points[^1], MeterLine.LastCounting(points));
        var name = meter.Register != RegisterKind.Import ? $" {RegisterCodes.Of(meter.Register)}" : "";
        if (before.TimeMs == atMs && registerWh is { } given && given != before.ValueWh && !RegisterLine.IsDismissed(before))
        {
            context.Refuse(isExchange ? MeterRefusals.ExchangeRegisterConflict : MeterRefusals.AssignmentRegisterConflict,
                $"register{name}: {given} Wh, but the meter's reading at that instant is {before.ValueWh} Wh.", account);
            return null;
        }

        var end = new Point(atMs, registerWh ?? counting.ValueWh, quality);
        if (isExchange && meter.IsCharged
            && (MeterLine.BeforeEnd(meter, points, end) is not { } known || Validation.Judge(meter.Rating, known, end, out _) != VeeOutcome.Accepted))
        {
            context.Refuse(MeterRefusals.ExchangeFinalRegister,
                $"at, final{name}: the meter's last reading before it is {counting.ValueWh} Wh at {Instants.ToText(counting.TimeMs)}; {end.ValueWh} Wh at "
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

        return points;
    }
}
