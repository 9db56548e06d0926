using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Partitions;

/// <summary>Readings: where one belongs, whether its point is new, and what the differences on its two sides cost.</summary>
public sealed partial class PartitionFold
{
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
        var last = meter.Last;
        if (last.TimeMs < meter.ClosedEndMs)
        {
            return new DaysNeeded(meter, account.Calendar.DayOf(last.TimeMs), AndPrevious: false);
        }

        if (reading.TimeMs > meter.ShapeRollAtMs)
        {
            RollShape(meter, account, reading.TimeMs);
        }

        WatchRuns(meter, account, reading);
        WatchTamper(account, meter, last.TimeMs, reading.ValueWh - last.ValueWh);
        var point = Book(meter, account, last, PointOf(reading));
        meter.Open.Append(last, point);
        meter.Last = point;
        Arrived(meter, account);
        return null;
    }

    private DaysNeeded? Insert(MeterState meter, AccountState account, in Reading reading)
    {
        if (reading.TimeMs <= meter.Tail.TimeMs)
        {
            return BehindTail(meter, account, reading);
        }

        var slot = meter.Open.Seek(reading.TimeMs);
        var known = slot.Right(0)!.Value;
        if (known.TimeMs == meter.UntilMs && (known.Quality & ReadingQuality.Estimated) != 0 && known.ValueWh != reading.ValueWh)
        {
            // The next account's time began at the register where this one's was taken to end: what lies beyond it is charged there, and not here as well.
            RaiseUnapplied(reading, account.Number, VeeOutcome.Conflict, $"The meter left this account at {Instants.ToText(meter.UntilMs)} with {known.ValueWh} Wh, the last value known then; the next account is charged from there.");
            meter.LastArrivalMs = State.NowMs;
            State.Touch(account, _position);
            return null;
        }

        var replaces = known.TimeMs == reading.TimeMs;
        if (replaces && !Replaces(meter, account, known, reading))
        {
            return null;
        }

        var before = slot.Left;
        if (before.TimeMs < meter.ClosedEndMs)
        {
            return new DaysNeeded(meter, account.Calendar.DayOf(before.TimeMs), AndPrevious: false);
        }

        Unbook(meter, account, before, known);
        var after = replaces ? slot.Right(1) : known;
        if (replaces && after is { } behind)
        {
            Unbook(meter, account, known, behind);
        }

        var point = Book(meter, account, before, PointOf(reading));
        if (after is { } next)
        {
            slot.SetRight(replaces ? 1 : 0, Book(meter, account, point, next));
        }

        if (replaces)
        {
            slot.Points[slot.Index] = point;
        }
        else
        {
            slot.Points.Insert(slot.Index, point);
        }

        var wasLast = reading.TimeMs == meter.Last.TimeMs;
        meter.Open.Replace(slot);
        meter.Last = wasLast ? point : slot.Right(1) is { } right && right.TimeMs == meter.Last.TimeMs ? right : meter.Last;
        Arrived(meter, account);
        return null;
    }

    private DaysNeeded? BehindTail(MeterState meter, AccountState account, in Reading reading)
    {
        if (reading.TimeMs == meter.Tail.TimeMs && (meter.Tail.TimeMs == meter.FromMs || !Replaces(meter, account, meter.Tail, reading)))
        {
            if (meter.Tail.TimeMs == meter.FromMs && meter.Tail.ValueWh != reading.ValueWh)
            {
                RaiseUnapplied(reading, account.Number, VeeOutcome.Conflict, $"The register at the start of this assignment is {meter.Tail.ValueWh} Wh.");
            }

            return null;
        }

        var day = account.Calendar.DayOfIntervalEnd(reading.TimeMs);
        if (day < account.SettledBeforeDay || day < account.Calendar.DayOf(meter.Last.TimeMs) - Limits.ReopenMaxDays)
        {
            RaiseUnapplied(reading, account.Number, VeeOutcome.TooLate, null);
            return null;
        }

        return new DaysNeeded(meter, day, AndPrevious: true);
    }

    /// <summary>Same identity again: true if it replaces the value; else it is a duplicate or a conflict and done with.</summary>
    private bool Replaces(MeterState meter, AccountState account, in Point known, in Reading reading)
    {
        if (reading.Revision > known.Revision && reading.ValueWh != known.ValueWh)
        {
            return true;
        }

        if (reading.ValueWh != known.ValueWh && reading.Revision == known.Revision)
        {
            RaiseUnapplied(reading, account.Number, VeeOutcome.Conflict, $"The register at this time is {known.ValueWh} Wh already.");
        }

        // It decides when a day may close, so it belongs to the stored state like any other change.
        meter.LastArrivalMs = State.NowMs;
        State.Touch(account, _position);
        return false;
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

    /// <summary>Charges the difference between two neighbours, or holds it. Returns the later point with the shape it was spread by.</summary>
    private Point Book(MeterState meter, AccountState account, in Point from, Point to)
    {
        var outcome = Validation.Judge(meter.Rating, from, to, out var energy);
        if (outcome != VeeOutcome.Accepted)
        {
            meter.Held += energy;
            Raise(meter, account, to, outcome, energy.Wh, open: true);
            return to.Shape is null ? to : to with { Shape = null };
        }

        var shape = ShapeFor(meter, account, from.TimeMs, to.TimeMs);
        var spread = false;
        if (energy.Wh != 0)
        {
            var sink = new ChargeSink(account, 1);
            spread = Spreader.Spread(account, from.TimeMs, to.TimeMs, energy, shape, ref sink);
            meter.Charged += energy;
        }

        if (IsGap(meter.Rating, from, to))
        {
            Raise(meter, account, to, VeeOutcome.Gap, 0, open: true);
        }

        var kept = spread ? shape : null;
        return to.Shape == kept ? to : to with { Shape = kept };
    }

    /// <summary>Takes back exactly what <see cref="Book"/> did for the same two points.</summary>
    private void Unbook(MeterState meter, AccountState account, in Point from, in Point to)
    {
        var outcome = Validation.Judge(meter.Rating, from, to, out var energy);
        if (outcome != VeeOutcome.Accepted)
        {
            meter.Held -= energy;
            Raise(meter, account, to, outcome, energy.Wh, open: false);
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
            Raise(meter, account, to, VeeOutcome.Gap, 0, open: false);
        }
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

    private void WatchRuns(MeterState meter, AccountState account, in Reading reading)
    {
        var step = reading.ValueWh - meter.Last.ValueWh;
        if (step != 0)
        {
            meter.FrozenCount = step == meter.LastStepWh ? (byte)Math.Min(byte.MaxValue, meter.FrozenCount + 1) : (byte)0;
            meter.LastStepWh = step;
            meter.ZeroSinceMs = reading.TimeMs;
            if (meter.FrozenCount == Limits.FrozenRunIntervals)
            {
                Raise(meter, account, PointOf(reading), VeeOutcome.FrozenRun, 0, open: true);
            }
        }
        else if (reading.TimeMs - meter.ZeroSinceMs >= Limits.ZeroRunMs && meter.Last.TimeMs - meter.ZeroSinceMs < Limits.ZeroRunMs)
        {
            Raise(meter, account, PointOf(reading), VeeOutcome.ZeroRun, 0, open: true);
        }
    }

    private void Raise(MeterState meter, AccountState account, in Point at, VeeOutcome outcome, long heldWh, bool open) =>
        _effects.Exceptions[new ExceptionKey(meter.Number, at.TimeMs, outcome)] =
            new ExceptionEffect(_position, account.Number, open, at.ValueWh, heldWh, null);

    private void RaiseUnapplied(in Reading reading, int account, VeeOutcome outcome, string? detail) =>
        _effects.Exceptions[new ExceptionKey(reading.Meter, reading.TimeMs, outcome)] =
            new ExceptionEffect(_position, account, Open: true, reading.ValueWh, 0, detail);

    private static bool IsGap(in MeterRating rating, in Point from, in Point to) =>
        rating.IntervalMs > 0 && to.TimeMs - from.TimeMs >= 2L * rating.IntervalMs;

    private static Point PointOf(in Reading r) => new(r.TimeMs, r.ValueWh, r.Quality, r.Revision);

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

    private readonly struct ChargeSink(AccountState account, int sign) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy) => account.AddEnergy(plan, rate, new Energy(sign * energy.Wh));
    }
}
