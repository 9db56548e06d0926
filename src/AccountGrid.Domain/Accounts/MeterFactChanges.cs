using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>
/// Another capacity, interval, register width or transformer ratio of a meter from an instant on, perhaps a past one. Differences behind it are judged and
/// charged anew: days that were closed are opened and close again with corrections; bills that were issued stay. Afterwards the account is as if the facts had
/// been right all the time, whenever they and the readings became known.
/// </summary>
internal static class MeterFactChanges
{
    internal static DaysNeeded? Set(FoldContext context, SetMeterFacts c)
    {
        var account = context.State.FindAccount(c.Account);
        var meter = account?.Meters.Find(m => m.Number == c.Meter && m.UntilMs == long.MaxValue);
        if (account is null || meter is null)
        {
            context.Refuse(MeterRefusals.NotOnAccount, "The meter is not in use on the account.", account);
            return null;
        }

        if (Refuse(context, account, meter, c.Fact) is { } refusal)
        {
            context.Refuse(refusal, account);
            return null;
        }

        var rating = meter.Rating.With(c.Fact);
        var trial = context.Trial(context.State.CopyOf(account.Number)!);
        var after = trial.State.FindAccount(account.Number)!;
        var meterAfter = after.Meters.Find(m => m.Number == meter.Number && m.Assignment == meter.Assignment)!;
        if (Apply(trial, after, meterAfter, rating, c.Fact.FromMs) is { } needed)
        {
            return needed with { Meter = meter.LineOf(needed.Meter.Register)! };
        }

        var cost = after.Charged - account.Charged;
        var no = RefuseUnread(meterAfter, c.Fact) ?? ReadingDecisions.TooOld(context, meter, account, meterAfter, "from")
            ?? BoundChecks.Refuse(account, cost, "from")?.Refusal
            ?? Approvals.Check(account.Unapproved, account.Calendar.DayOf(context.NowMs), (-cost).ToMoney(),
                Approvals.LimitOf(context.PolicyOf(account, context.NowMs)), c.DecidedBy, c.ApprovedBy)?.Refusal;
        if (no is not null)
        {
            context.Refuse(no, account);
            return null;
        }

        var happened = new MeterFactsSet(c.Meter, c.Fact.FromMs, c.Fact.CapacityW, c.Fact.RegisterWidthWh, c.Fact.IntervalMs, c.Fact.RatioMicro, c.Reason,
            c.DecidedBy, !string.IsNullOrEmpty(c.ApprovedBy), (meterAfter.TotalCharged - meter.TotalCharged).Wh, (meterAfter.TotalHeld - meter.TotalHeld).Wh,
            cost.ToMoney());
        Invariant.Holds(Apply(context, account, meter, rating, c.Fact.FromMs) is null, $"Facts of meter {c.Meter} ask for more days than their trial.");
        context.Emit(account, happened);
        TariffCorrections.KeepFromCut(context, account, cost, "A fact of a meter was corrected from a past day.");
        Workflow.Advance(context, account, context.NowMs);
        BalanceWatch.Settle(context, account);
        context.State.Touch(account, context.Position);
        context.Moved = (-cost).ToMoney();
        context.Accept(account);
        return null;
    }

    private static Refusal? Refuse(FoldContext context, AccountState account, MeterState meter, MeterFact fact)
    {
        if (fact is { CapacityW: null, RegisterWidthWh: null, IntervalMs: null, RatioMicro: null })
        {
            return new(MeterRefusals.FactsMissing, "capacityW, registerWidthWh, intervalSeconds, ratio: none is given; give what is another.");
        }

        if (fact.RatioMicro is <= 0 or > Limits.RatioMaxMicro)
        {
            return new(MeterRefusals.RatioInvalid, $"ratio: {fact.RatioMicro} millionths are not more than 0 and at most {Limits.RatioMaxMicro}.");
        }

        var firstMs = Math.Max(meter.FromMs,
            meter.Lines.Max(l => ChangeableDays.FirstChangeableDay(context, l, account)) is > int.MinValue and var day
                ? account.Calendar.StartOf(Math.Max(day, account.OpenedDay)) : long.MinValue);
        if (fact.FromMs < firstMs || fact.FromMs > context.NowMs)
        {
            return new(MeterRefusals.FactsTime,
                $"from: {Instants.ToText(fact.FromMs)} is not from {Instants.ToText(firstMs)}, the first instant on its present account that can still "
                    + "change, to now.");
        }

        return meter.Rating.Changes is { } known && known.Count >= Limits.MeterFactsMax && !known.Any(f => f.FromMs == fact.FromMs)
            ? new(MeterRefusals.FactsTooMany, $"The meter has had {Limits.MeterFactsMax} changes on its present account already.")
            : null;
    }

    /// <summary>A difference has one ratio: a reading stands where another begins, and its own instant, or the meter's first, is where that is.</summary>
    private static Refusal? RefuseUnread(MeterState meter, MeterFact fact) =>
        fact.RatioMicro is not null && fact.FromMs != meter.FromMs && meter.Lines.FirstOrDefault(l =>
            !MeterLine.PointsOf(l).Exists(p => p.TimeMs == fact.FromMs && RegisterLine.Counts(p) && !RegisterLine.IsEstimate(p))) is { } line
            ? new(MeterRefusals.FactsReading,
                $"from: {RegisterCodes.Of(line.Register)} has no measured reading at {Instants.ToText(fact.FromMs)} that counts, and a difference has one "
                    + "ratio; send the register at that instant as a reading first.")
            : null;

    /// <summary>Charges all lines of the meter by another rating; or the closed days that it needs, with nothing changed.</summary>
    private static DaysNeeded? Apply(FoldContext context, AccountState account, MeterState meter, in MeterRating rating, long fromMs)
    {
        var plans = new List<(MeterState Line, LinePlan? Plan)>();
        foreach (var line in meter.Lines)
        {
            if (Plan(context, account, line, rating, fromMs, out var plan) is { } needed)
            {
                return needed;
            }

            plans.Add((line, plan));
        }

        // Levels are looked at once all lines are charged and what is owed for the past stands apart.
        context.IsReceiving = true;
        try
        {
            foreach (var (line, plan) in plans)
            {
                if (plan is null)
                {
                    line.Rating = rating;
                    continue;
                }

                LineChange.Apply(context, line, account, plan);
                MeterReadings.Arrived(context, line, account);
            }
        }
        finally
        {
            context.IsReceiving = false;
        }

        return null;
    }

    private static DaysNeeded? Plan(FoldContext context, AccountState account, MeterState line, in MeterRating rating, long fromMs, out LinePlan? plan)
    {
        plan = null;
        if (ClosedDays.From(line, account.Calendar.DayOf(fromMs)) is { } closed)
        {
            return closed;
        }

        var old = MeterLine.PointsOf(line);
        var changed = MeterLine.IndexAtOrAfter(old, fromMs + 1);
        return changed == old.Count ? null : LineChange.Plan(context, line, account, old, [.. old], changed, out plan, rating);
    }
}
