using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>
/// Another product or version from a past day. Closed days are opened, charged again and closed, each with a correction that names its first entry; bills that
/// were issued stay. Afterwards the account is as if it had been on the tariff all the time. (Issue 19: retroactive correction.)
/// </summary>
internal static class TariffCorrections
{
    internal static DaysNeeded? Correct(FoldContext context, CorrectTariff command)
    {
        var account = context.State.FindAccount(command.Account);
        var tariff = context.TariffOrNull(command.Tariff);
        if (CorrectionDecisions.Refuse(account, command, tariff, context.NowMs) is { Refusal: { } refusal })
        {
            context.Refuse(refusal, account);
            return null;
        }

        var spans = With(account!, new TariffSpan(command.FromDay, command.Tariff, command.Follows));
        if (Needed(context, account!, spans, command.FromDay) is { } needed)
        {
            return needed;
        }

        if (context.MomentOf(account!) is { } at)
        {
            LateFees.Take(context, at, at.Today - 1);
        }

        StandingCharges.Take(context, account!, context.NowMs);
        account!.Recharge();
        var cost = CostOf(context, account, spans, command.FromDay);
        var limitDay = ChangeableDays.FirstChargeableDay(context, account);
        var costBehind = command.FromDay < limitDay ? CostOf(context, account, Until(spans, account, limitDay), command.FromDay) : WideMoney.Zero;
        var decision = CorrectionDecisions.Decide(account, command, context.PolicyOf(account, context.NowMs), cost, costBehind, limitDay, context.NowMs);
        if (decision.Event is not TariffChanged happened)
        {
            BalanceWatch.Settle(context, account);
            context.Refuse(decision.Refusal!, account);
            return null;
        }

        Rerate(context, account, command.FromDay, isTrial: false, () => context.Emit(account, happened));
        KeepFromCut(context, account, cost, "The tariff was corrected from a past day.");
        Workflow.Advance(context, account, context.NowMs);
        StandingCharges.Schedule(context, account);
        BalanceWatch.Settle(context, account);
        context.Moved = (-cost).ToMoney();
        context.Accept(account);
        return null;
    }

    /// <summary>
    /// What a correction takes from a prepaid balance below zero becomes debt, and somebody agrees on how it is recovered: nobody is cut for days that had
    /// another price when they were paid.
    /// </summary>
    internal static void KeepFromCut(FoldContext context, AccountState account, WideMoney cost, string reason)
    {
        if (account.OwesByBill || cost <= WideMoney.Zero || account.Balance >= Money.Zero || context.MomentOf(account) is not { } at)
        {
            return;
        }

        var debt = at.Customer.Debt;
        var moved = new DebtMoved(
            Money.Min(cost.ToMoney(), -account.Balance), debt.ShareBasisPoints, debt.PerDay, reason);
        context.Emit(account, moved);
        LedgerEntries.Write(context, account, moved);
        CaseBook.Open(context, at, CaseKind.DebtTerms);
    }

    /// <summary>Closed days that must be open first. The tariffs decide which, so they are put on for the question and taken off again.</summary>
    private static DaysNeeded? Needed(FoldContext context, AccountState account, IReadOnlyList<TariffSpan> spans, int fromDay)
    {
        List<TariffSpan> before = [.. account.Tariffs];
        PutOn(account, spans);
        try
        {
            return account.Meters.Select(m => new LineRerating(context, m, account, fromDay).Needed()).FirstOrDefault(n => n is not null);
        }
        finally
        {
            PutOn(account, before);
        }
    }

    /// <summary>What the account would be charged more, on a copy.</summary>
    private static WideMoney CostOf(FoldContext context, AccountState account, IReadOnlyList<TariffSpan> spans, int fromDay)
    {
        var copy = StateCodec.DecodeAccount(StateCodec.Encode(account), context.Tariffs);
        copy.Prices = account.Prices;
        var scratch = new FoldContext(new PartitionState(context.State.Partition, context.Tariffs), context.Tariffs, null, null);
        scratch.Begin(0, context.NowMs, new Effects());
        Rerate(scratch, copy, fromDay, isTrial: true, () => PutOn(copy, spans));
        return copy.Charged - account.Charged;
    }

    /// <param name="isTrial">Only the charge is asked for: nothing is entered.</param>
    /// <param name="change">Puts the account on its other tariffs.</param>
    private static void Rerate(FoldContext context, AccountState account, int fromDay, bool isTrial, Action change)
    {
        List<LineRerating> lines = [.. account.Meters.Select(m => new LineRerating(context, m, account, fromDay))];
        var lastDay = account.Meters.SelectMany(m => m.Reopened ?? []).Select(b => b.Day).Append(account.StandingThroughDay).Append(fromDay).Max();
        var old = Enumerable.Range(fromDay, lastDay - fromDay + 1).ToDictionary(day => day, day => account.TariffOf(day));

        // Tiers of the day's month or year change, whichever they are of.
        var first = new DateOnly(DateOnly.FromDayNumber(fromDay).Year, 1, 1).DayNumber;
        var before = account.ClosedParts(first);
        lines.ForEach(l => l.TakeBack());
        change();
        account.OrderPeriods();
        lines.ForEach(l => l.Charge());
        var (corrected, rows) = (default(ChargeParts), DayClosing.CloseReopened(context, account));
        for (var day = Math.Min(fromDay, rows.Keys.DefaultIfEmpty(fromDay).Min()); day <= lastDay; day++)
        {
            var (parts, energy, corrects) = CorrectDay(
                context, account, day, old.GetValueOrDefault(day) ?? account.TariffOf(day), rows.GetValueOrDefault(day) ?? []);
            corrected += parts;
            if (!isTrial)
            {
                context.EnterCharge(account, EntryKind.Correction, day, corrects, parts);
                BillPeriods.Add(context, account, day, energy, parts, isCorrection: true);
            }
        }

        account.Rebook(first);
        account.Recharge();
        var rest = account.ClosedParts(first) - before - corrected;
        account.DropEmptyPeriods();
        if (!isTrial)
        {
            // Tiers of days before the first one, which its tariffs' begin moves.
            context.EnterCharge(account, EntryKind.Correction, fromDay, 0, rest);
            BillPeriods.Add(context, account, fromDay, Energy.Zero, rest, isCorrection: true);
        }
    }

    /// <summary>Books a day's use and standing charge under its tariff of now, in the place of what was booked under the one before.</summary>
    private static (ChargeParts Parts, Energy Energy, long Corrects) CorrectDay(
        FoldContext context, AccountState account, int day, Tariff was, List<(MeterState Meter, DayRow Row)> rows)
    {
        var tariff = account.TariffOf(day);
        var (taken, given, corrects) = (default(Sums), default(Sums), 0L);
        foreach (var (meter, row) in rows)
        {
            given = new(given.Energy + row.Energy, given.Base + row.Base, 0);
            if (DayClosing.Keep(context, meter, row) is { } booked)
            {
                taken = new(taken.Energy + booked.Energy, taken.Base + booked.Base, 0);
                corrects = booked.EntryPosition;
            }
        }

        if (tariff != was && day <= account.StandingThroughDay)
        {
            (taken.StandingDays, given.StandingDays) = (was.StandingPerDay == Money.Zero ? 0 : 1, tariff.StandingPerDay == Money.Zero ? 0 : 1);
            account.PeriodOf(day, was).Live.StandingDays -= taken.StandingDays;
            account.PeriodOf(day, tariff).Live.StandingDays += given.StandingDays;
        }

        return taken == default && given == default
            ? default
            : (Book(account, account.PeriodOf(day, was), taken, -1) + Book(account, account.PeriodOf(day, tariff), given, 1),
                new(given.Energy.Wh - taken.Energy.Wh), corrects);
    }

    private static ChargeParts Book(AccountState account, ChargePeriod period, in Sums sums, int sign) => account.BookClosed(
        period,
        new(new(period.Closed.Energy.Wh + (sign * sums.Energy.Wh)), sign > 0 ? period.Closed.Base + sums.Base : period.Closed.Base - sums.Base,
            period.Closed.StandingDays + (sign * sums.StandingDays)));

    /// <summary>What was agreed from a later day on stays.</summary>
    private static List<TariffSpan> With(AccountState account, TariffSpan span) =>
        [.. account.Tariffs.Where(t => t.FromDay < span.FromDay), span, .. account.Tariffs.Where(t => t.FromDay > span.FromDay)];

    /// <summary>The spans up to a day, and from it on what the account has had.</summary>
    private static List<TariffSpan> Until(List<TariffSpan> spans, AccountState account, int day)
    {
        var held = account.Tariffs.FindLast(t => t.FromDay <= day);
        return [.. spans.Where(s => s.FromDay < day), held with { FromDay = day }, .. account.Tariffs.Where(t => t.FromDay > day)];
    }

    private static void PutOn(AccountState account, IReadOnlyList<TariffSpan> spans)
    {
        account.Tariffs.Clear();
        account.Tariffs.AddRange(spans);
        account.ForgetPlans();
    }
}
