using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>Days: closing, opening again for late data, and when to look next.</summary>
public sealed partial class PartitionFold
{
    /// <summary>Puts closed days back in memory: the meter is open again from the first of them on.</summary>
    /// <param name="rows">All closed days from the first needed one on, rising; none where nothing was measured since.</param>
    /// <param name="effects">Where what follows from it goes: what the record itself will be folded with.</param>
    public void Reopen(DaysNeeded needed, IReadOnlyList<DayRow> rows, Effects effects)
    {
        if (needed.ThroughDay is { } through)
        {
            _looked = LookedDays.Of(needed.Meter, needed.FromDay, through, rows);
            return;
        }

        _effects = effects;
        var meter = needed.Meter;
        var account = meter.Account!;
        var first = rows.Count > 0 ? Math.Min(rows[0].Key.Day, needed.FromDay) : needed.FromDay;
        Invariant.Holds(!needed.AndPrevious || rows.Count > 0, $"Meter {meter.Number} has no closed day at or before {Instants.DayToText(needed.FromDay)}.");
        var points = new List<Point>();
        foreach (var row in rows)
        {
            points.AddRange(row.Points.Unpack(row.Before));
            State.ClosedDays.Remove(row.Key);
            State.OpenedDays.Add(row.Key);
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
            meter.FirstPosition = _position;
        }

        Schedule(account, meter);
        State.Touch(account, _position);
    }

    /// <summary>What a meter's open days would be if they were closed now; changes nothing.</summary>
    public static IReadOnlyList<DayRow> PreviewOpenDays(MeterState meter)
    {
        if (meter.Account is not { } account)
        {
            return [];
        }

        return new DayBuilder(meter, account, int.MaxValue, PointsOf(meter)).Build(0);
    }

    private void CheckAccount(int number, long atMs)
    {
        if (State.FindAccount(number) is not { } account)
        {
            return;
        }

        TakeStanding(account, atMs);
        CloseDays(account, atMs);
        account.SettleOldPeriods();
        account.Recharge();
        account.DueAtMs = long.MaxValue;
        Advance(account, atMs);
        var due = NextStanding(account);
        due = due <= atMs ? atMs + Instants.MsPerDay : due;
        foreach (var meter in account.Meters)
        {
            due = Math.Min(due, NextClose(account, meter, atMs));
        }

        State.Schedule(account, due);
        Settle(account);
    }

    private void CloseDays(AccountState account, long atMs)
    {
        SortedDictionary<int, List<(MeterState Meter, DayRow Row)>>? byDay = null;
        foreach (var meter in account.Meters)
        {
            foreach (var row in Close(account, meter, atMs))
            {
                byDay ??= [];
                (byDay.TryGetValue(row.Key.Day, out var rows) ? rows : byDay[row.Key.Day] = []).Add((meter, row));
            }
        }

        foreach (var (day, rows) in byDay ?? [])
        {
            BookDay(account, day, rows);
        }
    }

    private void BookDay(AccountState account, int day, List<(MeterState Meter, DayRow Row)> rows)
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

            State.OpenedDays.Remove(row.Key);
            State.ClosedDays[row.Key] = stored;
        }

        var parts = account.BookClosed(period, closed);
        AddCharge(account, isNew ? EntryKind.Charge : EntryKind.Correction, day, isNew ? 0 : corrects, parts);
        AddToBill(account, day, closed.Energy - energyBefore, parts, isCorrection: !isNew);
        LearnDay(account, day, closed.Energy - energyBefore, isNew);
    }

    /// <summary>The forecast remembers what closed days used, corrections included; of a day that was closed before there was a customer it knows nothing.</summary>
    private static void LearnDay(AccountState account, int day, Energy change, bool isNew)
    {
        if (account.Customer is { } customer && (isNew || customer.Use.Of(day) is not null))
        {
            customer.Use.Add(day, change);
        }
    }

    private void AddCharge(AccountState account, EntryKind kind, int day, long corrects, ChargeParts parts)
    {
        if (parts == default)
        {
            return;
        }

        _effects.Entries.Add(new LedgerEntry(_position, _sequence++, account.Number, kind, (-parts.Total).ToMoney(), account.LedgerBalance, State.NowMs, day, corrects, parts, null));
    }

    /// <summary>Closes every day of a meter that is over, has had its grace, and is not being filled right now.</summary>
    private List<DayRow> Close(AccountState account, MeterState meter, long atMs)
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

        var points = PointsOf(meter);
        var rows = new DayBuilder(meter, account, through, points).Build(_position);
        KeepWeights(meter, account, points, through);
        var kept = points.FindIndex(1, p => account.Calendar.DayOfIntervalEnd(p.TimeMs) > through);
        kept = kept < 0 ? points.Count : kept;
        meter.Tail = LastCounting(points[..kept]);
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
        for (var day = Math.Max(Math.Max(first, meter.ClosedThroughDay + 1), DayAt(account, points[0].TimeMs)); day <= through; day++)
        {
            if (WeightsOf(meter, account, points, day) is { } weights)
            {
                (meter.Weights ??= []).Add(new DayWeights(day, weights));
            }
        }

        meter.Weights?.RemoveAll(w => w.Day < first);
        meter.Weights = meter.Weights is { Count: > 0 } ? meter.Weights : null;
        meter.WeightsFromDay = Math.Max(meter.WeightsFromDay, first);
    }

    /// <summary>Brings the account's next check forward for a meter that has something to close.</summary>
    private void Schedule(AccountState account, MeterState meter)
    {
        var due = Math.Min(NextClose(account, meter, long.MinValue), account.DueAtMs == long.MaxValue ? NextStanding(account) : long.MaxValue);
        State.Schedule(account, due);
    }

    private static long NextClose(AccountState account, MeterState meter, long atMs)
    {
        var due = RegularClose(account, meter);
        return due <= atMs ? Math.Max(atMs, meter.LastArrivalMs) + Limits.IdleBeforeCloseMs : due;
    }

    /// <summary>When a meter's oldest open day closes by the rule, UTC ms, whether it is being filled or not; never where it has none.</summary>
    internal static long RegularClose(AccountState account, MeterState meter)
    {
        if (meter.FirstPosition == 0)
        {
            return long.MaxValue;
        }

        var oldest = Math.Max(account.Calendar.DayOf(meter.Tail.TimeMs), meter.ClosedThroughDay + 1);
        return account.Calendar.StartOf(oldest + 1) + Limits.DayGraceMs + Spread(account.Number);
    }

    /// <summary>A fixed part of the spread for each account, so that a million checks do not fall on one instant.</summary>
    private static long Spread(int account) => unchecked((uint)(account * 2654435761L)) % Limits.DailyCheckSpreadMs;
}
