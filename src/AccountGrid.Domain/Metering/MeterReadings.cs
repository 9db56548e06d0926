using AccountGrid.Domain.Commands;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Metering;

/// <summary>The common ways in which a reading joins the line of its meter; <see cref="LineChange"/> is the way for all others.</summary>
internal static class MeterReadings
{
    internal static DaysNeeded? Take(FoldContext context, MeterState meter, in Reading reading)
    {
        if (meter.Account is not { } account)
        {
            ReadingRoute.TakeLoose(context, meter, reading);
            return null;
        }

        return reading.TimeMs > meter.Last.TimeMs ? Append(context, meter, account, reading, PointOf(reading)) : Insert(context, meter, account, reading);
    }

    /// <summary>Takes over a point that came with its meter, behind all that came before it.</summary>
    internal static DaysNeeded? TakeMoved(FoldContext context, MeterState meter, MovedPoint p)
    {
        var reading = new Reading(meter.Number, p.Register, p.TimeMs, p.ValueWh, p.Quality, p.Revision);
        return meter.Account is { } account ? Append(context, meter, account, reading, PointOf(reading) with { Decision = p.Decision })
            : Take(context, meter, reading);
    }

    private static DaysNeeded? Append(FoldContext context, MeterState meter, AccountState account, in Reading reading, Point point)
    {
        var last = meter.Last;
        if (ClosedDays.Behind(meter, account, last.TimeMs) is { } closed)
        {
            return closed;
        }

        if (reading.ValueWh != last.ValueWh && IsAtLimit(context, meter, account, reading))
        {
            return null;
        }

        // Back-billing protects the customer: exported energy is credited however old it is, and reactive energy is not charged.
        if (RegisterCodes.IsImport(meter.Register) && ChangeableDays.BackBillingBorder(context, meter, account, ref point) is { } border
            && AppendPoint(context, meter, account, border) is { } days)
        {
            return days;
        }

        var needed = AppendPoint(context, meter, account, point);
        if (needed is null && RegisterCodes.IsImport(meter.Register))
        {
            TamperWatch.Look(context, account, meter, last.TimeMs, reading.ValueWh - last.ValueWh);
        }

        return needed;
    }

    private static DaysNeeded? AppendPoint(FoldContext context, MeterState meter, AccountState account, in Point point)
    {
        var last = meter.Last;
        var outcome = Validation.Judge(meter.Rating, last, point, out _);
        if (!RegisterLine.Counts(last) || point.Decision is not null || meter.Doubts.MayTell(point)
            || (RegisterLine.IsEstimate(last) && (RegisterLine.IsDoubtful(outcome) || (!RegisterLine.IsEstimate(point) && MeterLine.MayEndProjection(meter)))))
        {
            return LineChange.Put(context, meter, account, point);
        }

        if (RegisterLine.IsEstimate(point) && outcome == VeeOutcome.RegisterFell)
        {
            // Below what was measured before it: known, and of no account.
            Add(context, meter, account, point with { Quality = point.Quality | ReadingQuality.PassedOver });
            return null;
        }

        var shape = default(byte[]);
        if (LoadShapes.NeedsShape(meter, account, last, point))
        {
            var points = MeterLine.PointsOf(meter);
            if (LoadShapes.WeightsNeeded(context, meter, account, MeterLine.DayAt(account, last.TimeMs)) is { } needed)
            {
                return needed;
            }

            shape = LoadShapes.ShapeOf(meter, account, points, MeterLine.DayAt(account, last.TimeMs));
        }

        if (RegisterLine.IsDoubtful(outcome))
        {
            var doubts = meter.Doubts.Reach(point.TimeMs) ? meter.Doubts : Doubts.None;
            doubts.Add(last, point, outcome, isOpen: true);
            meter.Doubts = doubts;
        }

        LineChange.SetRun(context, meter, account, meter.Run.With(last, point), last.TimeMs, point.TimeMs);
        Add(context, meter, account, Charging.Book(context, meter, account, last, point, shape));
        return null;
    }

    private static void Add(FoldContext context, MeterState meter, AccountState account, in Point point)
    {
        meter.Open.Append(meter.Last, point);
        meter.Last = point;
        Arrived(context, meter, account);
    }

    private static DaysNeeded? Insert(FoldContext context, MeterState meter, AccountState account, in Reading reading)
    {
        if (reading.TimeMs <= meter.Tail.TimeMs)
        {
            return KnownReadings.BehindTail(context, meter, account, reading);
        }

        if (meter.Open.Count == 0)
        {
            return ClosedDays.FromTail(meter, account);
        }

        var slot = meter.Open.Seek(reading.TimeMs);
        var known = slot.Right(0)!.Value;
        var before = slot.Left;
        if (known.TimeMs != reading.TimeMs && ClosedDays.Behind(meter, account, before.TimeMs) is { } closed)
        {
            return closed;
        }

        if (known.TimeMs == reading.TimeMs
            ? !KnownReadings.Replaces(context, meter, account, known, reading)
            : KnownReadings.IsUnapplied(context, meter, account, known, reading))
        {
            return null;
        }

        if (known.TimeMs != reading.TimeMs && IsAtLimit(context, meter, account, reading))
        {
            return null;
        }

        var point = PointOf(reading);
        if (known.TimeMs == reading.TimeMs || !IsPlainBetween(meter, account, before, point, known))
        {
            return LineChange.Put(context, meter, account, point);
        }

        Charging.Unbook(context, meter, account, before, known);
        point = Charging.Book(context, meter, account, before, point, null);
        slot.SetRight(0, Charging.Book(context, meter, account, point, known, null));
        slot.Points.Insert(slot.Index, point);
        meter.Open.Replace(slot);
        if (known.TimeMs == meter.Last.TimeMs)
        {
            meter.Last = slot.Right(1)!.Value;
        }

        Arrived(context, meter, account);
        return null;
    }

    /// <summary>Whether nothing more is charged to the account: then the reading is an exception, and the register's next one has its energy too.</summary>
    private static bool IsAtLimit(FoldContext context, MeterState meter, AccountState account, in Reading reading)
    {
        if (!AccountBounds.IsReachedByReadings(account))
        {
            return false;
        }

        var what = new Money(AccountBounds.MaxNano);
        ReadingExceptions.RaiseUnapplied(context, reading, account.Number, VeeOutcome.AccountLimit,
            AccountBounds.IsReached(account)
                ? $"The account owes {what} with its debt, or {what} is charged and not billed: nothing more is charged until it is paid or billed."
                : $"The account has a balance of {what}, or prices below zero credited as much that is not billed: nothing more is charged until it is paid "
                    + "out or billed.");
        Note(context, meter, account);
        return true;
    }

    /// <summary>Whether a late point between two that count concerns nothing but the difference that it splits.</summary>
    private static bool IsPlainBetween(MeterState meter, AccountState account, in Point before, in Point point, in Point after) =>
        RegisterLine.Counts(before) && RegisterLine.Counts(after) && before.Decision is null && after.Decision is null
        && !RegisterLine.IsEstimate(before) && !RegisterLine.IsEstimate(point) && !RegisterLine.IsEstimate(after)
        && !meter.Doubts.Reach(point.TimeMs)
        && after.TimeMs < meter.Run.SinceMs
        && !RegisterLine.IsDoubtful(Validation.Judge(meter.Rating, before, after, out _))
        && !RegisterLine.IsDoubtful(Validation.Judge(meter.Rating, before, point, out _))
        && !RegisterLine.IsDoubtful(Validation.Judge(meter.Rating, point, after, out _))
        && !meter.IsTimeOfUse(account, MeterLine.DayAt(account, before.TimeMs)) && !meter.IsTimeOfUse(account, MeterLine.DayAt(account, after.TimeMs));

    /// <summary>When the last reading arrived decides when a day may close, so it belongs to the stored state like any other change.</summary>
    internal static void Note(FoldContext context, MeterState meter, AccountState account)
    {
        meter.LastArrivalMs = context.NowMs;
        context.State.Touch(account, context.Position);
    }

    internal static void Arrived(FoldContext context, MeterState meter, AccountState account)
    {
        meter.LastArrivalMs = context.NowMs;
        meter.LastPosition = context.Position;
        if (meter.FirstPosition == 0)
        {
            meter.FirstPosition = context.Position;
            DayClosing.Schedule(context, account, meter);
        }

        BalanceWatch.Settle(context, account);
    }

    internal static Point PointOf(in Reading r) =>
        new(r.TimeMs, r.ValueWh, r.Quality & ~(ReadingQuality.PassedOver | ReadingQuality.BackBillingBorder), r.Revision);
}
