using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>Days: closing, opening again for late data, and when to look next.</summary>
public static class DayClosing
{
    /// <summary>Puts closed days back in memory: the meter is open again from the first of them on.</summary>
    /// <param name="rows">All closed days from the first needed one on, rising; none where nothing was measured since.</param>
    internal static void Reopen(FoldContext context, DaysNeeded needed, IReadOnlyList<DayRow> rows)
    {
        if (needed.ThroughDay is { } through)
        {
            context.Looked = LookedDays.Of(needed.Meter, needed.FromDay, through, rows);
            return;
        }

        var meter = needed.Meter;
        var account = meter.Account!;
        var first = rows.Count > 0 ? Math.Min(rows[0].Key.Day, needed.FromDay) : needed.FromDay;
        Invariant.Holds(!needed.AndPrevious || rows.Count > 0, $"Meter {meter.Number} has no closed day at or before {Instants.DayToText(needed.FromDay)}.");
        var points = new List<Point>();
        foreach (var row in rows)
        {
            points.AddRange(row.Points.Unpack(row.Before));
            context.State.ClosedDays.Remove(row.Key);
            context.State.OpenedDays.Add(row.Key);
            (meter.Reopened ??= []).Add(new BookedDay(row.Key.Day, row.Energy, row.Base, row.EntryPosition, row.FromPosition));
        }

        points.AddRange(meter.Open.ToList());
        if (rows.Count > 0)
        {
            meter.Tail = rows[0].Before;
        }

        meter.Open = OpenPoints.From(meter.Tail, points);
        meter.ClosedThroughDay = first - 1;
        meter.ClosedEndMs = account.Calendar.StartOf(first);
        meter.Weights?.RemoveAll(w => w.Day >= first);
        if (meter.FirstPosition == 0)
        {
            meter.FirstPosition = context.Position;
        }

        Schedule(context, account, meter);
        context.State.Touch(account, context.Position);
    }

    /// <summary>What a meter's open days would be if they were closed now; changes nothing.</summary>
    public static IReadOnlyList<DayRow> PreviewOpenDays(MeterState meter)
    {
        if (meter.Account is not { } account)
        {
            return [];
        }

        return new DayBuilder(meter, account, int.MaxValue, MeterLine.PointsOf(meter)).Build(0);
    }

    internal static void Close(FoldContext context, AccountState account, long atMs)
    {
        SortedDictionary<int, List<(MeterState Meter, DayRow Row)>>? byDay = null;
        foreach (var meter in account.Meters)
        {
            foreach (var row in CloseOf(context, account, meter, atMs))
            {
                byDay ??= [];
                (byDay.TryGetValue(row.Key.Day, out var rows) ? rows : byDay[row.Key.Day] = []).Add((meter, row));
            }
        }

        foreach (var (day, rows) in byDay ?? [])
        {
            BookDay(context, account, day, rows);
        }
    }

    private static void BookDay(FoldContext context, AccountState account, int day, List<(MeterState Meter, DayRow Row)> rows)
    {
        var tariff = account.TariffOf(day);
        var period = account.PeriodOf(day, tariff);
        var closed = period.Closed;
        var corrects = 0L;
        var isNew = false;
        var energyBefore = closed.Energy;
        foreach (var (meter, row) in rows)
        {
            var stored = row;
            closed.Energy += row.Energy;
            closed.Base += row.Base;
            var index = meter.Reopened?.FindIndex(b => b.Day == day) ?? -1;
            if (index >= 0)
            {
                var booked = meter.Reopened![index];
                meter.Reopened.RemoveAt(index);
                closed.Energy -= booked.Energy;
                closed.Base -= booked.Base;
                corrects = booked.EntryPosition;
                stored = row with { EntryPosition = booked.EntryPosition, FromPosition = booked.FromPosition };
            }
            else
            {
                isNew = true;
            }

            context.State.OpenedDays.Remove(row.Key);
            context.State.ClosedDays[row.Key] = stored;
        }

        var parts = account.BookClosed(period, closed);
        context.EnterCharge(account, isNew ? EntryKind.Charge : EntryKind.Correction, day, isNew ? 0 : corrects, parts);
        BillPeriods.Add(account, day, closed.Energy - energyBefore, parts, isCorrection: !isNew);
        LearnDay(account, day, closed.Energy - energyBefore, isNew);
    }

    /// <summary>
    /// The forecast remembers what closed days used, corrections included; of a day that was closed before there was a customer it knows nothing.
    /// </summary>
    private static void LearnDay(AccountState account, int day, Energy change, bool isNew)
    {
        if (account.Customer is { } customer && (isNew || customer.Use.Of(day) is not null))
        {
            customer.Use.Add(day, change);
        }
    }

    /// <summary>Closes every day of a meter that is over, has had its grace, and is not being filled right now.</summary>
    private static List<DayRow> CloseOf(FoldContext context, AccountState account, MeterState meter, long atMs)
    {
        var through = account.Calendar.DayOf(atMs - Limits.DayGraceMs) - 1;
        if (atMs < meter.LastArrivalMs + Limits.IdleBeforeCloseMs)
        {
            through = Math.Min(through, account.Calendar.DayOf(meter.Last.TimeMs) - 1);
        }

        if (meter.FirstPosition == 0 || through <= meter.ClosedThroughDay)
        {
            return [];
        }

        var points = MeterLine.PointsOf(meter);
        var rows = new DayBuilder(meter, account, through, points).Build(context.Position);
        KeepWeights(meter, account, points, through);
        var kept = points.FindIndex(1, p => account.Calendar.DayOfIntervalEnd(p.TimeMs) > through);
        kept = kept < 0 ? points.Count : kept;
        meter.Tail = MeterLine.LastCounting(points[..kept]);
        meter.Open = OpenPoints.From(meter.Tail, points, kept);
        meter.ClosedThroughDay = through;
        meter.ClosedEndMs = account.Calendar.StartOf(through + 1);
        if (meter.Open.Count == 0 && (Faults.Sabotage.ForgetReopened || meter.Reopened?.Exists(b => b.Day > through) != true))
        {
            // Nothing is left to close: neither points, nor days that were closed before and must be booked anew without any.
            meter.FirstPosition = 0;
        }

        return rows;
    }

    /// <summary>Keeps the use by hour of the last days that close now, for gaps that begin after them.</summary>
    private static void KeepWeights(MeterState meter, AccountState account, List<Point> points, int through)
    {
        var first = through - Limits.ShapeDays + 1;
        for (var day = Math.Max(Math.Max(first, meter.ClosedThroughDay + 1), MeterLine.DayAt(account, points[0].TimeMs)); day <= through; day++)
        {
            if (LoadShapes.WeightsOf(meter, account, points, day) is { } weights)
            {
                (meter.Weights ??= []).Add(new DayWeights(day, weights));
            }
        }

        meter.Weights?.RemoveAll(w => w.Day < first);
        meter.Weights = meter.Weights is { Count: > 0 } ? meter.Weights : null;
        meter.WeightsFromDay = Math.Max(meter.WeightsFromDay, first);
    }

    /// <summary>Brings the account's next check forward for a meter that has something to close.</summary>
    internal static void Schedule(FoldContext context, AccountState account, MeterState meter)
    {
        var due = Math.Min(
            NextMs(account, meter, long.MinValue), account.DueAtMs == long.MaxValue ? StandingCharges.NextMs(account, context.NowMs) : long.MaxValue);
        context.State.Schedule(account, due);
    }

    internal static long NextMs(AccountState account, MeterState meter, long atMs)
    {
        var due = CheckTimes.RegularClose(account, meter);
        return due <= atMs ? Math.Max(atMs, meter.LastArrivalMs) + Limits.IdleBeforeCloseMs : due;
    }
}
