using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>Readings: where one belongs, whether its point is new, and the common ways in which it joins a line; <see cref="Rebook"/> is the way for all others.</summary>
public sealed partial class PartitionFold
{
    /// <summary>Days that are looked at together when data that are too late come: what is resent comes by the month.</summary>
    private const int LookDays = 31;

    /// <summary>Whose reading it is by its time: a meter here, or the partition to pass it to, or nobody's (an exception).</summary>
    private int? Route(in Reading reading, out MeterState? meter)
    {
        meter = null;
        if (State.FindMeter(reading.Meter) is not { } current)
        {
            RaiseUnapplied(reading, 0, VeeOutcome.BeforeInstallation, "The meter is not known in this partition.");
            return null;
        }

        for (var m = current; m is not null; m = m.Former)
        {
            if (m.Covers(reading.TimeMs))
            {
                meter = m;
                return null;
            }
        }

        var nearest = current;
        while (nearest.Former is { } former && reading.TimeMs < nearest.FromMs)
        {
            nearest = former;
        }

        var before = reading.TimeMs < nearest.FromMs;
        var next = before ? nearest.PreviousPartition : nearest.NextPartition;
        if (next >= 0 && !(before && next == State.Partition))
        {
            // To this very partition too: its own record of the arrival is still on its way through the log.
            return next;
        }

        RaiseUnapplied(reading, nearest.Account?.Number ?? 0, before ? VeeOutcome.BeforeInstallation : VeeOutcome.AfterRemoval, null);
        return null;
    }

    private void Forward(in Reading reading, int toPartition) =>
        _effects.Transfers.Add(new TransferEffect(_position, toPartition, 1, LogRecords.Encode(State.NowMs, reading)));

    private void TakeSide(MeterState meter, in Reading reading)
    {
        meter.Side ??= new SideRegister[6];
        ref var side = ref meter.Side[(int)reading.Register];
        if (reading.TimeMs > side.TimeMs)
        {
            side = new SideRegister(reading.TimeMs, reading.ValueWh);
            if (meter.Account is { } account)
            {
                State.Touch(account, _position);
            }
            else
            {
                State.DirtyLooseMeters.Add(meter);
            }
        }
    }

    private DaysNeeded? Take(MeterState meter, in Reading reading)
    {
        if (meter.Account is not { } account)
        {
            TakeLoose(meter, reading);
            return null;
        }

        return reading.TimeMs > meter.Last.TimeMs ? Append(meter, account, reading) : Insert(meter, account, reading);
    }

    private DaysNeeded? Append(MeterState meter, AccountState account, in Reading reading)
    {
        var point = PointOf(reading);
        var last = meter.Last;
        if (last.TimeMs < meter.ClosedEndMs)
        {
            return new DaysNeeded(meter, account.Calendar.DayOf(Math.Min(last.TimeMs, meter.Tail.TimeMs)), AndPrevious: false);
        }

        if (reading.ValueWh != last.ValueWh && IsAtLimit(meter, account, reading))
        {
            return null;
        }

        if (BackBillingBorder(meter, account, ref point) is { } border && AppendPoint(meter, account, border) is { } days)
        {
            return days;
        }

        var needed = AppendPoint(meter, account, point);
        if (needed is null)
        {
            WatchTamper(account, meter, last.TimeMs, reading.ValueWh - last.ValueWh);
        }

        return needed;
    }

    private DaysNeeded? AppendPoint(MeterState meter, AccountState account, in Point point)
    {
        var last = meter.Last;
        var outcome = Validation.Judge(meter.Rating, last, point, out _);
        if (!RegisterLine.Counts(last) || meter.Doubts.MayTell(point) || (RegisterLine.IsEstimate(last) && RegisterLine.IsDoubtful(outcome)))
        {
            return Put(meter, account, point);
        }

        if (RegisterLine.IsEstimate(point) && outcome == VeeOutcome.RegisterFell)
        {
            // Below what was measured before it: known, and of no account.
            Add(meter, account, point with { Quality = point.Quality | ReadingQuality.PassedOver });
            return null;
        }

        var shape = default(byte[]);
        if (NeedsShape(account, last, point))
        {
            var points = PointsOf(meter);
            if (WeightsNeeded(meter, account, DayAt(account, last.TimeMs)) is { } needed)
            {
                return needed;
            }

            shape = ShapeOf(meter, account, points, DayAt(account, last.TimeMs));
        }

        if (RegisterLine.IsDoubtful(outcome))
        {
            var doubts = meter.Doubts.Reach(point.TimeMs) ? meter.Doubts : Doubts.None;
            doubts.Add(last, point, outcome, isOpen: true);
            meter.Doubts = doubts;
        }

        SetRun(meter, account, meter.Run.With(last, point), last.TimeMs, point.TimeMs);
        Add(meter, account, Book(meter, account, last, point, shape));
        return null;
    }

    private void Add(MeterState meter, AccountState account, in Point point)
    {
        meter.Open.Append(meter.Last, point);
        meter.Last = point;
        Arrived(meter, account);
    }

    private DaysNeeded? Insert(MeterState meter, AccountState account, in Reading reading)
    {
        if (reading.TimeMs <= meter.Tail.TimeMs)
        {
            return BehindTail(meter, account, reading);
        }

        if (meter.Open.Count == 0)
        {
            return new DaysNeeded(meter, account.Calendar.DayOf(meter.Tail.TimeMs), AndPrevious: false);
        }

        var slot = meter.Open.Seek(reading.TimeMs);
        var known = slot.Right(0)!.Value;
        var before = slot.Left;
        if (before.TimeMs < meter.ClosedEndMs && known.TimeMs != reading.TimeMs)
        {
            return new DaysNeeded(meter, account.Calendar.DayOf(meter.Tail.TimeMs), AndPrevious: false);
        }

        if (known.TimeMs == reading.TimeMs ? !Replaces(meter, account, known, reading) : IsUnapplied(meter, account, known, reading))
        {
            return null;
        }

        if (known.TimeMs != reading.TimeMs && IsAtLimit(meter, account, reading))
        {
            return null;
        }

        var point = PointOf(reading);
        if (known.TimeMs == reading.TimeMs || !IsPlainBetween(meter, account, before, point, known))
        {
            return Put(meter, account, point);
        }

        Unbook(meter, account, before, known);
        point = Book(meter, account, before, point, null);
        slot.SetRight(0, Book(meter, account, point, known, null));
        slot.Points.Insert(slot.Index, point);
        meter.Open.Replace(slot);
        if (known.TimeMs == meter.Last.TimeMs)
        {
            meter.Last = slot.Right(1)!.Value;
        }

        Arrived(meter, account);
        return null;
    }

    /// <summary>Whether nothing more is charged to the account: then the reading is an exception, and the register's next one has its energy too.</summary>
    private bool IsAtLimit(MeterState meter, AccountState account, in Reading reading)
    {
        if (!AccountBounds.IsReached(account))
        {
            return false;
        }

        var what = new Money(AccountBounds.MaxNano);
        RaiseUnapplied(reading, account.Number, VeeOutcome.AccountLimit, $"The account owes {what} with its debt, or {what} is charged and not billed: nothing more is charged until it is paid or billed.");
        Note(meter, account);
        return true;
    }

    /// <summary>Whether a late point between two that count concerns nothing but the difference that it splits.</summary>
    private static bool IsPlainBetween(MeterState meter, AccountState account, in Point before, in Point point, in Point after) =>
        RegisterLine.Counts(before) && RegisterLine.Counts(after)
        && !RegisterLine.IsEstimate(before) && !RegisterLine.IsEstimate(point) && !RegisterLine.IsEstimate(after)
        && !meter.Doubts.Reach(point.TimeMs)
        && after.TimeMs < meter.Run.SinceMs
        && !RegisterLine.IsDoubtful(Validation.Judge(meter.Rating, before, after, out _))
        && !RegisterLine.IsDoubtful(Validation.Judge(meter.Rating, before, point, out _))
        && !RegisterLine.IsDoubtful(Validation.Judge(meter.Rating, point, after, out _))
        && !account.TariffOf(DayAt(account, before.TimeMs)).IsTimeOfUse && !account.TariffOf(DayAt(account, after.TimeMs)).IsTimeOfUse;

    /// <summary>Late data that is not applied: it contradicts where another account's time begins, or is of a time that nobody can be charged for any more.</summary>
    private bool IsUnapplied(MeterState meter, AccountState account, in Point known, in Reading reading)
    {
        if (known.TimeMs == meter.UntilMs && (known.Quality & ReadingQuality.Estimated) != 0 && known.ValueWh != reading.ValueWh)
        {
            // The next account's time began at the register where this one's was taken to end: what lies beyond it is charged there, and not here as well.
            RaiseUnapplied(reading, account.Number, VeeOutcome.Conflict, $"The meter left this account at {Instants.ToText(meter.UntilMs)} with {known.ValueWh} Wh, the last value known then; the next account is charged from there.");
        }
        else if (account.Calendar.DayOfIntervalEnd(reading.TimeMs) < FirstChargeableDay(account))
        {
            RaiseUnapplied(reading, account.Number, VeeOutcome.TooLate, null);
        }
        else
        {
            return false;
        }

        Note(meter, account);
        return true;
    }

    private DaysNeeded? BehindTail(MeterState meter, AccountState account, in Reading reading)
    {
        if (reading.TimeMs == meter.Tail.TimeMs && (meter.Tail.TimeMs == meter.FromMs || (meter.Tail.ValueWh == reading.ValueWh && Rank(meter.Tail).CompareTo(Rank(PointOf(reading))) >= 0)))
        {
            if (meter.Tail.ValueWh != reading.ValueWh)
            {
                RaiseUnapplied(reading, account.Number, VeeOutcome.Conflict, $"The register at the start of this assignment is {meter.Tail.ValueWh} Wh.");
            }

            Note(meter, account);
            return null;
        }

        var day = account.Calendar.DayOfIntervalEnd(reading.TimeMs);
        if (day >= FirstChangeableDay(meter, account))
        {
            return new DaysNeeded(meter, day, AndPrevious: true);
        }

        // Too late to change anything. What is known already is a duplicate all the same, whatever its age.
        if (!_looked.Holds(meter, day))
        {
            return new DaysNeeded(meter, day, AndPrevious: false, ThroughDay: Math.Min(day + LookDays, FirstChangeableDay(meter, account) - 1));
        }

        if (!_looked.Has(reading))
        {
            RaiseUnapplied(reading, account.Number, VeeOutcome.TooLate, null);
        }

        Note(meter, account);
        return null;
    }

    /// <summary>
    /// Same identity again: true if it replaces the value. A measured value replaces an estimate, a higher revision a lower one; of two that contradict each other
    /// the lower counts and a person is told. What is the same, or stands behind what is known, is done with.
    /// </summary>
    private bool Replaces(MeterState meter, AccountState account, in Point known, in Reading reading)
    {
        var point = PointOf(reading);
        var rank = Rank(point).CompareTo(Rank(known));
        if (rank > 0 && known.TimeMs != meter.UntilMs)
        {
            Resolve(meter, account, known, VeeOutcome.Conflict);
            return true;
        }

        if (reading.ValueWh != known.ValueWh && (rank == 0 || known.TimeMs == meter.UntilMs))
        {
            var replaces = reading.ValueWh < known.ValueWh && known.TimeMs != meter.UntilMs;
            var (counts, other) = replaces ? (reading.ValueWh, known.ValueWh) : (known.ValueWh, reading.ValueWh);
            RaiseUnapplied(reading with { ValueWh = other }, account.Number, VeeOutcome.Conflict, $"Another value of the same time is {counts} Wh, and counts.");
            if (replaces)
            {
                return true;
            }
        }

        Note(meter, account);
        return false;
    }

    private static (bool IsMeasured, byte Revision) Rank(in Point point) => (!RegisterLine.IsEstimate(point), point.Revision);

    /// <summary>When the last reading arrived decides when a day may close, so it belongs to the stored state like any other change.</summary>
    private void Note(MeterState meter, AccountState account)
    {
        meter.LastArrivalMs = State.NowMs;
        State.Touch(account, _position);
    }

    private void TakeLoose(MeterState meter, in Reading reading)
    {
        if (reading.TimeMs > meter.Last.TimeMs)
        {
            meter.Held += new Energy(reading.ValueWh - meter.Last.ValueWh);
            meter.Last = PointOf(reading);
            _effects.Exceptions[new ExceptionKey(meter.Number, meter.FromMs, VeeOutcome.Unassigned)] =
                new ExceptionEffect(_position, 0, Open: true, reading.ValueWh, meter.Held.Wh, "The meter is on no account; its energy is held.");
        }

        meter.LastArrivalMs = State.NowMs;
        State.DirtyLooseMeters.Add(meter);
    }

    private void Arrived(MeterState meter, AccountState account)
    {
        meter.LastArrivalMs = State.NowMs;
        meter.LastPosition = _position;
        if (meter.FirstPosition == 0)
        {
            meter.FirstPosition = _position;
            Schedule(account, meter);
        }

        Settle(account);
    }

    private void Raise(MeterState meter, AccountState account, in Point at, VeeOutcome outcome, long heldWh) =>
        _effects.Exceptions[new ExceptionKey(meter.Number, at.TimeMs, outcome)] =
            new ExceptionEffect(_position, account.Number, Open: true, at.ValueWh, heldWh, null);

    private void Resolve(MeterState meter, AccountState account, in Point at, VeeOutcome outcome) =>
        _effects.Exceptions[new ExceptionKey(meter.Number, at.TimeMs, outcome)] =
            new ExceptionEffect(_position, account.Number, Open: false, at.ValueWh, 0, null);

    private void RaiseUnapplied(in Reading reading, int account, VeeOutcome outcome, string? detail) =>
        _effects.Exceptions[new ExceptionKey(reading.Meter, reading.TimeMs, outcome)] =
            new ExceptionEffect(_position, account, Open: true, reading.ValueWh, 0, detail);

    private static Point PointOf(in Reading r) => new(r.TimeMs, r.ValueWh, r.Quality & ~(ReadingQuality.PassedOver | ReadingQuality.BackBillingBorder), r.Revision);

    /// <summary>The known points of a meter's open days, behind the last one of its closed days that counts.</summary>
    private static List<Point> PointsOf(MeterState meter)
    {
        var points = new List<Point>(meter.Open.Count + 1) { meter.Tail };
        points.AddRange(meter.Open.ToList());
        return points;
    }

    private static int DayAt(AccountState account, long ms) => account.PlanAt(ms).Day;

    private static int IndexAtOrAfter(List<Point> points, long ms)
    {
        int low = 0, high = points.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (points[middle].TimeMs < ms)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
