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

        var account = needed.Meter.Account!;
        var first = rows.Count > 0 ? Math.Min(rows[0].Key.Day, needed.FromDay) : needed.FromDay;
        Invariant.Holds(!needed.AndPrevious || rows.Any(r => r.Key.Register == needed.Meter.Register),
            $"Meter {needed.Meter.Number} has no closed day at or before {Instants.DayToText(needed.FromDay)}.");
        foreach (var line in account.Meters.First(m => m.Lines.Contains(needed.Meter)).Lines)
        {
            ReopenLine(context, account, line, first, [.. rows.Where(r => r.Key.Register == line.Register)]);
        }

        context.State.Touch(account, context.Position);
    }

    private static void ReopenLine(FoldContext context, AccountState account, MeterState meter, int first, List<DayRow> rows)
    {
        var points = new List<Point>();
        foreach (var row in rows)
        {
            points.AddRange(row.Points.Unpack(row.Before));
            context.State.ClosedDays.Remove(row.Key);
            context.State.OpenedDays.Add(row.Key);
            (meter.Reopened ??= []).Add(new BookedDay(row.Key.Day, row.Energy, row.Base, row.EntryPosition, row.FromPosition,
                meter.Register == RegisterKind.Export || meter.IsNetted ? row.RateWh : null));
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
    }

    /// <summary>What the open days of a meter's registers would be if they were closed now; changes nothing.</summary>
    public static IReadOnlyList<DayRow> PreviewOpenDays(MeterState meter)
    {
        if (meter.Account is not { } account)
        {
            return [];
        }

        return [.. meter.Lines.SelectMany(l => new DayBuilder(l, account, int.MaxValue, MeterLine.PointsOf(l)).Build(0))];
    }

    internal static void Close(FoldContext context, AccountState account, long atMs)
    {
        SortedDictionary<int, List<(MeterState Line, DayRow Row)>>? byDay = null;
        foreach (var meter in account.Meters)
        {
            if (ClosableThrough(account, meter, atMs) is not { } through)
            {
                continue;
            }

            RegisterSums.Compare(context, account, meter, through);
            foreach (var line in meter.Lines)
            {
                foreach (var row in CloseLine(context, account, line, through))
                {
                    byDay ??= [];
                    (byDay.TryGetValue(row.Key.Day, out var rows) ? rows : byDay[row.Key.Day] = []).Add((line, row));
                }
            }
        }

        foreach (var (day, rows) in byDay ?? [])
        {
            BookDay(context, account, day, rows);
        }
    }

    /// <summary>Books a closed day, or what it costs beyond what was booked for it before.</summary>
    /// <param name="cause">What its correction names beside the entry that it corrects; null is nothing.</param>
    internal static void BookDay(FoldContext context, AccountState account, int day, List<(MeterState Line, DayRow Row)> rows, string? cause = null)
    {
        var tariff = account.TariffOf(day);
        var period = account.PeriodOf(day, tariff);
        var closed = period.Closed;
        var corrects = 0L;
        var isNew = false;
        var energyBefore = closed.Energy;
        foreach (var (meter, row) in rows)
        {
            ExportBooking.Add(ref closed, meter, tariff, day, row.RateWh, 1);
            ExportBooking.Note(context, account, meter, tariff, row);
            if (RegisterCodes.IsImport(meter.Register))
            {
                closed.Energy += row.Energy;
                closed.Base += row.Base;
            }

            if (Keep(context, meter, row) is { } booked)
            {
                ExportBooking.Add(ref closed, meter, tariff, day, booked.RateWh, -1);
                if (RegisterCodes.IsImport(meter.Register))
                {
                    closed.Energy -= booked.Energy;
                    closed.Base -= booked.Base;
                }

                corrects = booked.EntryPosition;
            }
            else
            {
                // What 3.8.0 changes of a day that was charged corrects it.
                isNew |= meter.IsCharged && meter.Register != RegisterKind.Reactive;
            }
        }

        TwoPartBooking.Note(context, account, tariff, day);
        TwoPartBooking.Add(ref closed, account, tariff, day, rows);
        if (!Equals(closed.TwoPart, period.Live.TwoPart))
        {
            (period.Live.TwoPart, period.Stale) = (closed.TwoPart, true);
        }

        List<(ChargePeriod Period, ChargeParts Parts)> others = [];
        var parts = account.BookClosed(period, closed, others);
        context.EnterCharge(
            account, isNew ? EntryKind.Charge : EntryKind.Correction, day, isNew ? 0 : corrects, parts, CarriedCharges.Sum(others), isNew ? null : cause);
        CarriedCharges.Enter(context, account, others);
        BillPeriods.Add(context, account, day, closed.Energy - energyBefore, parts, isCorrection: !isNew);
        LearnDay(account, day, closed.Energy - energyBefore, isNew);
    }

    /// <summary>Keeps a day that is closed.</summary>
    /// <returns>What was booked for it before it was opened again; null where it is closed for the first time.</returns>
    internal static BookedDay? Keep(FoldContext context, MeterState meter, DayRow row)
    {
        var index = meter.Reopened?.FindIndex(b => b.Day == row.Key.Day) ?? -1;
        var booked = index < 0 ? default(BookedDay?) : meter.Reopened![index];
        if (index >= 0)
        {
            meter.Reopened!.RemoveAt(index);
        }

        context.State.OpenedDays.Remove(row.Key);
        context.State.ClosedDays[row.Key] =
            booked is { } known ? row with { EntryPosition = known.EntryPosition, FromPosition = known.FromPosition } : row;
        return booked;
    }

    /// <summary>Closes the days again, at once, that were closed and are open now. What they are booked for is for the caller to say.</summary>
    internal static SortedDictionary<int, List<(MeterState Meter, DayRow Row)>> CloseReopened(FoldContext context, AccountState account)
    {
        var byDay = new SortedDictionary<int, List<(MeterState Meter, DayRow Row)>>();
        foreach (var meter in account.Meters.Where(m => m.Lines.Any(l => l.Reopened is { Count: > 0 })))
        {
            // A register may have been silent on days that another one was read on: they close together all the same.
            var through = meter.Lines.SelectMany(l => l.Reopened ?? []).Max(b => b.Day);
            foreach (var (line, row) in meter.Lines.SelectMany(l => CloseLine(context, account, l, through).Select(r => (l, r))))
            {
                (byDay.TryGetValue(row.Key.Day, out var rows) ? rows : byDay[row.Key.Day] = []).Add((line, row));
            }
        }

        return byDay;
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

    /// <summary>The last day of a meter that is over, has had its grace, and is not being filled right now; null where no further day is.</summary>
    private static int? ClosableThrough(AccountState account, MeterState meter, long atMs)
    {
        var (through, isOpen) = (account.Calendar.DayOf(atMs - Limits.DayGraceMs) - 1, false);
        foreach (var line in meter.Lines)
        {
            if (atMs < line.LastArrivalMs + Limits.IdleBeforeCloseMs)
            {
                through = Math.Min(through, account.Calendar.DayOf(line.Last.TimeMs) - 1);
            }

            isOpen |= line.FirstPosition != 0;
        }

        return isOpen && through > meter.ClosedThroughDay ? through : null;
    }

    private static List<DayRow> CloseLine(FoldContext context, AccountState account, MeterState meter, int through)
    {
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
