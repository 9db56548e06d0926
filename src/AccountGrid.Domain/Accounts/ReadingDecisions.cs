using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>
/// Decisions of people about readings. A decision is a fact about the value of one time and stands against every value of the same revision, whenever that
/// comes; a higher revision of the meter is a new value and is judged anew. So what is charged stays a function of the points and of the decisions.
/// </summary>
internal static class ReadingDecisions
{
    internal static DaysNeeded? Decide(FoldContext context, DecideReading c)
    {
        var account = context.State.FindAccount(c.Account);
        if (account is null || WrongForm(c) is not null)
        {
            context.Refuse(WrongForm(c) ?? new Refusal(AccountRefusals.Unknown, $"Account number {c.Account} does not exist."), account);
            return null;
        }

        if (account.Meters.Exists(m => m.Number == c.Meter && !m.IsCharged))
        {
            context.Refuse(DecisionRefusals.NotOfCode, "meter: it is charged by its rate registers, whose readings are not decided about.", account);
            return null;
        }

        if (IsUnapplied(c.About) || (c.Decision == ReadingDecision.Accept && c.About is VeeOutcome.Gap or VeeOutcome.ZeroRun))
        {
            Close(context, account, c);
            return null;
        }

        if (c.About is VeeOutcome.FrozenRun)
        {
            DecideRun(context, account, c);
            return null;
        }

        var meter = account.Meters.Find(m => m.Number == c.Meter && c.AtMs > m.FromMs && m.Covers(c.AtMs))
            ?? account.Meters.Find(m => m.Number == c.Meter && c.AtMs == m.FromMs);
        if (meter is null || c.AtMs > meter.Last.TimeMs)
        {
            context.Refuse(DecisionRefusals.NoReading, $"at: the meter has no reading at {Instants.ToText(c.AtMs)} on the account.", account);
            return null;
        }

        return Find(context, meter, account, c, out var known) ?? (known is { } point ? DecidePoint(context, meter, account, c, point) : null);
    }

    /// <summary>What of a decision is wrong whatever the readings are.</summary>
    private static Refusal? WrongForm(DecideReading c)
    {
        var needsValue = c.Decision is ReadingDecision.Edit or ReadingDecision.Estimate || c.About == VeeOutcome.Conflict;
        var isOfDifference = c.Decision is ReadingDecision.Accept or ReadingDecision.Rollover or ReadingDecision.SetBack;
        return c switch
        {
            { About: VeeOutcome.BackBilling } =>
                NotOfCode("code: what was used before the first day that may be charged is never charged, and is not decided."),
            { About: VeeOutcome.Unassigned } => NotOfCode("code: the meter is on no account; assign it."),
            { Decision: not ReadingDecision.Dismiss } when IsUnapplied(c.About) => NotOfCode("decision: the reading is in no line; it can only be dismissed."),
            { About: VeeOutcome.ZeroRun or VeeOutcome.FrozenRun, Decision: not ReadingDecision.Accept } =>
                NotOfCode("decision: a run can only be accepted; decide about its readings one by one."),
            { About: VeeOutcome.RegisterFell, Decision: ReadingDecision.Accept } =>
                NotOfCode("decision: of a fall say whether it is a rollover or setBack."),
            { About: not VeeOutcome.RegisterFell, Decision: ReadingDecision.Rollover or ReadingDecision.SetBack } =>
                NotOfCode("decision: only a register that fell was set back or passed its width."),
            { About: null, Decision: ReadingDecision.Accept } => NotOfCode("code: what is accepted is an exception; name its code."),
            { About: VeeOutcome.Conflict, Decision: ReadingDecision.Withdraw } or { Decision: ReadingDecision.Confirm } =>
                new(DecisionRefusals.Invalid, "decision: a conflict is accepted, dismissed, edited or estimated."),
            _ when needsValue && c.ValueWh is not (>= 0 and <= Limits.RegisterMaxWh) =>
                new(DecisionRefusals.Invalid, $"valueWh: {c.ValueWh} is not 0 to {Limits.RegisterMaxWh}."),
            _ when isOfDifference && c.About is VeeOutcome.Spike or VeeOutcome.GapTooLong or VeeOutcome.RegisterFell && c.UpToWh <= 0 =>
                new(DecisionRefusals.Invalid, $"upToWh: {c.UpToWh} is not more than 0."),
            _ => null,
        };

        static Refusal NotOfCode(string detail) => new(DecisionRefusals.NotOfCode, detail);
    }

    private static bool IsUnapplied(VeeOutcome? about) =>
        about is VeeOutcome.BeforeInstallation or VeeOutcome.AfterRemoval or VeeOutcome.TooLate or VeeOutcome.AccountLimit;

    /// <summary>Nothing is held: what was to be seen is seen.</summary>
    private static void Close(FoldContext context, AccountState account, DecideReading c)
    {
        var wh = c.SeenWh ?? 0;
        context.Effects.Exceptions[new ExceptionKey(c.Meter, c.AtMs, c.About!.Value)] = new ExceptionEffect(
            context.Position, account.Number, Open: false, wh, 0, null, ReadingExceptions.HasMoved(context, account.Meters.FindLast(m => m.Number == c.Meter)));
        context.Emit(account, EventOf(c, wh, wh, default));
        context.State.Touch(account, context.Position);
        context.Accept(account);
    }

    private static void DecideRun(FoldContext context, AccountState account, DecideReading c)
    {
        var meter = account.Meters.Find(m => m.Number == c.Meter && m.Run.SinceMs == c.AtMs);
        if (meter is null || meter.Run.FindingAt(meter.Last.TimeMs) != c.About)
        {
            context.Refuse(DecisionRefusals.Changed, $"at: no such run begins at {Instants.ToText(c.AtMs)}, or no longer.", account);
            return;
        }

        meter.RunDecidedMs = c.AtMs;
        Close(context, account, c);
    }

    /// <summary>The point that is decided about; null where it was refused. Or the closed days that hold it.</summary>
    private static DaysNeeded? Find(FoldContext context, MeterState meter, AccountState account, DecideReading c, out Point? known)
    {
        known = null;
        var day = account.Calendar.DayOfIntervalEnd(c.AtMs);
        if (day < ChangeableDays.FirstChangeableDay(context, meter, account))
        {
            context.Refuse(DecisionRefusals.TooLate, $"at: {Instants.ToText(c.AtMs)} lies in a period that can no longer change.", account);
            return null;
        }

        if (c.AtMs == meter.FromMs)
        {
            return FindStart(context, meter, account, c, out known);
        }

        if (c.AtMs <= meter.Tail.TimeMs)
        {
            return ClosedDays.Around(meter, day);
        }

        if (day <= meter.ClosedThroughDay)
        {
            return ClosedDays.FromTail(meter, account);
        }

        foreach (var point in meter.Open.ToList())
        {
            known = point.TimeMs == c.AtMs ? point : known;
        }

        if (known is null)
        {
            context.Refuse(DecisionRefusals.NoReading, $"at: the meter has no reading at {Instants.ToText(c.AtMs)}.", account);
        }

        return null;
    }

    /// <summary>The register at which the meter's time on the account begins: a wrong one of an installation or exchange can be corrected.</summary>
    private static DaysNeeded? FindStart(FoldContext context, MeterState meter, AccountState account, DecideReading c, out Point? known)
    {
        known = null;
        if (c.Decision != ReadingDecision.Edit || meter.PreviousPartition >= 0)
        {
            context.Refuse(DecisionRefusals.Border,
                $"at: the meter's time on the account begins at {Instants.ToText(c.AtMs)}: its register then can only be edited, and not where it came from "
                    + "another account, which it left with that.", account);
            return null;
        }

        known = meter.Tail;
        return ClosedDays.From(meter, account.Calendar.DayOf(meter.FromMs));
    }

    private static DaysNeeded? Put(FoldContext context, MeterState meter, AccountState account, in Point decided) => decided.TimeMs == meter.FromMs
        ? LineChange.PutStart(context, meter, account, decided)
        : LineChange.Put(context, meter, account, decided);

    private static DaysNeeded? DecidePoint(FoldContext context, MeterState meter, AccountState account, DecideReading c, in Point known)
    {
        var decided = c.AtMs == meter.FromMs ? known with { ValueWh = c.ValueWh!.Value } : PointOf(c, known);
        if (IsSame(known, decided))
        {
            // Asked for again.
            context.Emit(account, EventOf(c, known.ValueWh, known.ValueWh, default) with { OfEstimate = IsOfEstimate(decided), Repeats = true });
            context.Accept(account);
            return null;
        }

        if (RefusalOf(meter, c, known, decided) is { } refusal)
        {
            context.Refuse(refusal, account);
            return null;
        }

        // What it comes to is worked out on a copy: some of it is refused by what it costs.
        var trial = context.Trial(context.State.CopyOf(account.Number)!);
        var after = trial.State.FindAccount(account.Number)!;
        var meterAfter = after.Meters.Find(m => m.Number == meter.Number && m.Assignment == meter.Assignment)!;
        if (Put(trial, meterAfter, after, decided) is { } needed)
        {
            return needed with { Meter = meter };
        }

        var charge = after.Charged - account.Charged;
        var change = ((meterAfter.Charged - meter.Charged).Wh, (meterAfter.Held - meter.Held).Wh, charge.IsMoney ? charge.ToMoney() : new Money(long.MaxValue));
        var no = TooOld(context, meter, account, meterAfter, "at") ?? BoundChecks.Refuse(account, charge, "at")?.Refusal
            ?? Agreed(context, account, c, change.Item3);
        if (no is not null)
        {
            context.Refuse(no, account);
            return null;
        }

        Invariant.Holds(Put(context, meter, account, decided) is null, $"A decision about meter {meter.Number} asks for more days than its trial.");
        if (c.About == VeeOutcome.Conflict)
        {
            ReadingExceptions.Resolve(context, meter, account, decided, VeeOutcome.Conflict);
        }

        context.Emit(account, EventOf(c, known.ValueWh, decided.ValueWh, change) with { OfEstimate = IsOfEstimate(decided) });
        context.Moved = -charge.ToMoney();
        context.Accept(account);
        return null;
    }

    /// <summary>The point as it is once it is decided about: whether it counts is worked out with the line.</summary>
    internal static Point PointOf(DecideReading c, in Point known)
    {
        var (wh, quality) = known.Decision is { } d ? (d.KnownWh, d.KnownQuality) : (known.ValueWh, known.Quality & ~ReadingQuality.PassedOver);
        var before = new Point(known.TimeMs, wh, quality, known.Revision);
        var decision = new PointDecision(c.Decision, wh, quality, c.UpToWh);
        return (c.Decision, c.About) switch
        {
            (ReadingDecision.Withdraw, _) => before,
            (ReadingDecision.Accept, VeeOutcome.Conflict) => before with
            {
                ValueWh = c.ValueWh!.Value,
                Decision = decision with { Kind = ReadingDecision.Confirm, Wh = wh },
            },
            (ReadingDecision.Dismiss, VeeOutcome.Conflict) =>
                before with { Decision = decision with { Kind = ReadingDecision.Confirm, Wh = c.ValueWh!.Value } },
            (ReadingDecision.Edit, _) => before with { ValueWh = c.ValueWh!.Value, Quality = ReadingQuality.Edited, Decision = decision },
            (ReadingDecision.Estimate, _) => before with { ValueWh = c.ValueWh!.Value, Quality = ReadingQuality.Estimated, Decision = decision },
            _ => before with { Decision = decision },
        };
    }

    private static bool IsOfEstimate(in Point decided) => decided.Decision is not null && !KnownReadings.Rank(decided).IsMeasured;

    private static bool IsSame(in Point known, in Point decided) => known.ValueWh == decided.ValueWh && known.Decision == decided.Decision;

    private static Refusal? RefusalOf(MeterState meter, DecideReading c, in Point known, in Point decided)
    {
        var over = known.Decision?.Kind ?? ReadingDecision.Withdraw;
        if ((c.SeenWh is { } seen && seen != known.ValueWh) || c.Over != over)
        {
            return new(DecisionRefusals.Changed,
                $"seenWh, over: the value at {Instants.ToText(c.AtMs)} is {known.ValueWh} Wh, and the decision about it {(over == 0 ? "none" : over)}.");
        }

        if ((known.Quality & ReadingQuality.BackBillingBorder) != 0)
        {
            return new(DecisionRefusals.NotOfCode, "at: up to this reading nothing is charged any more; it is not decided.");
        }

        return c.AtMs == meter.UntilMs && (decided.ValueWh != known.ValueWh || RegisterLine.IsDismissed(decided))
            ? new(DecisionRefusals.Border, $"at: the next account or device counts from the {known.ValueWh} Wh at {Instants.ToText(c.AtMs)}.")
            : null;
    }

    /// <summary>More would be charged of a difference that begins before the first day that may still be charged, or changed.</summary>
    /// <param name="field">The command's field that has the instant.</param>
    internal static Refusal? TooOld(FoldContext context, MeterState meter, AccountState account, MeterState after, string field)
    {
        var day = Math.Max(ChangeableDays.FirstChargeableDay(context, account), account.SettledBeforeDay);
        if (day == int.MinValue)
        {
            return null;
        }

        var borderMs = account.Calendar.StartOf(day);
        return ChargedFromBefore(meter, account, borderMs) >= ChargedFromBefore(after, account, borderMs)
            ? null
            : new(DecisionRefusals.TooLate, $"{field}: part of the energy was used before {Instants.DayToText(day)}, the first day that can still be charged.");
    }

    private static long ChargedFromBefore(MeterState meter, AccountState account, long borderMs) =>
        meter.ChargedLines.Sum(l => ChargedOfLineFromBefore(l, account, borderMs));

    private static long ChargedOfLineFromBefore(MeterState meter, AccountState account, long borderMs)
    {
        var points = MeterLine.PointsOf(meter);
        return MeterLine.PairsOf(points, long.MinValue, long.MaxValue).Where(p => Charging.SpreadFromMs(points[p.From], points[p.To]) < borderMs)
            .Sum(p => Charging.OutcomeOf(meter, account, points[p.From], points[p.To], out var energy) == VeeOutcome.Accepted ? energy.Wh : 0);
    }

    /// <summary>What one person may move counts with adjustments, refunds and waivers.</summary>
    private static Refusal? Agreed(FoldContext context, AccountState account, DecideReading c, Money amount) => amount == Money.Zero
        ? null
        : Approvals.Check(account.Unapproved, account.Calendar.DayOf(context.NowMs), amount, Approvals.LimitOf(context.PolicyOf(account, context.NowMs)),
            c.DecidedBy, c.ApprovedBy)?.Refusal;

    private static ReadingDecided EventOf(DecideReading c, long fromWh, long toWh, (long ChargedWh, long HeldWh, Money Charge) change) =>
        new(c.Meter, c.AtMs, c.About, c.Decision, fromWh, toWh, c.UpToWh, c.Method, c.Reason, c.DecidedBy, !string.IsNullOrEmpty(c.ApprovedBy),
            change.ChargedWh, change.HeldWh, change.Charge);
}
