using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>Whether an account goes on another tariff from a past day. Refusals in order of precedence.</summary>
internal static class CorrectionDecisions
{
    /// <summary>Refusals that need no closed day; null where nothing speaks against it so far.</summary>
    internal static Decision? Refuse(AccountState? account, CorrectTariff c, Tariff? tariff, long nowMs)
    {
        if (account is null)
        {
            return Decision.Refuse(AccountRefusals.Unknown, $"Account number {c.Account} does not exist.");
        }

        if ((InternalAccounts.RefuseKind(account, c) ?? AccountDecisions.RefuseTariff(account, tariff, c.Tariff, c.FromDay, c.Follows, nowMs)) is { } wrong)
        {
            return wrong;
        }

        if (account.Meters.Find(m => !m.IsCharged) is not null)
        {
            return Decision.Refuse(TariffRefusals.CorrectionRegisters,
                "from: the account has a meter that is charged by its rate registers, and days of such a meter are not charged again by another tariff.");
        }

        if (account.Meters.Exists(m => m.Export is not null))
        {
            return Decision.Refuse(TariffRefusals.CorrectionRegisters,
                "from: the account has a meter that measures export, and days of such a meter are not charged again by another tariff.");
        }

        if (account.Meters.Exists(m => m.Reactive is not null) || tariff!.TwoPart is not null
            || account.Periods.Exists(p => account.TariffByNumber(p.Tariff).TwoPart is not null) || account.CurrentTariff.TwoPart is not null)
        {
            return Decision.Refuse(TariffRefusals.TwoPart,
                "from, tariff: past days are not charged again by or from a tariff with a charge for capacity, demand or power factor.");
        }

        var (today, earliest) = (account.Calendar.DayOf(nowMs), Math.Max(account.OpenedDay, account.SettledBeforeDay));
        if (c.FromDay > today || c.FromDay < earliest)
        {
            return Decision.Refuse(TariffRefusals.CorrectionDay,
                $"from: {Instants.DayToText(c.FromDay)} is not from {Instants.DayToText(earliest)}, the first day that can still change, to today, "
                    + $"{Instants.DayToText(today)}.");
        }

        return (long)account.Meters.Count * (today - c.FromDay + 1) > Limits.CorrectionDaysMax
            ? Decision.Refuse(TariffRefusals.TooManyDays,
                $"from: {account.Meters.Count} meters from {Instants.DayToText(c.FromDay)} on have more than {Limits.CorrectionDaysMax} days.")
            : default(Decision?);
    }

    /// <summary>
    /// By what it costs. Days that lie too far back to be charged for may become cheaper, and never dearer. (A pack's back-billing limit is for the customer.)
    /// </summary>
    /// <param name="cost">What the account is charged more; negative where it is less.</param>
    /// <param name="costBehind">The part of it for days before the limit.</param>
    /// <param name="limitDay">First local day that may be charged for by the account's pack.</param>
    internal static Decision Decide(
        AccountState account, CorrectTariff c, Policy? policy, WideMoney cost, WideMoney costBehind, int limitDay, long nowMs) =>
        RefuseCost(account, policy, cost, costBehind, limitDay, (c.DecidedBy, c.ApprovedBy), nowMs)
            ?? new TariffChanged(c.Tariff, c.FromDay, c.Follows, (-cost).ToMoney(), c.Reason, !string.IsNullOrEmpty(c.ApprovedBy));

    /// <summary>Why days that were charged may not be charged anew by what that costs; null where they may.</summary>
    /// <inheritdoc cref="Decide" path="/param"/>
    /// <param name="people">Who decided it, and who agreed.</param>
    internal static Decision? RefuseCost(AccountState account, Policy? policy, WideMoney cost, WideMoney costBehind, int limitDay,
        (string? DecidedBy, string? ApprovedBy) people, long nowMs)
    {
        if (costBehind > WideMoney.Zero)
        {
            return Decision.Refuse(TariffRefusals.BackBilling,
                $"from: days before {Instants.DayToText(limitDay)} would cost {costBehind} more, and are too old to be charged for; choose that day or a "
                    + "later one.");
        }

        if (!(cost <= new Money(AccountBounds.MaxNano) && cost >= new Money(-AccountBounds.MaxNano)))
        {
            return Decision.Refuse(AccountRefusals.Limit, $"from: an account cannot be corrected by {cost}.");
        }

        var amount = (-cost).ToMoney();
        return BoundChecks.Refuse(account, amount, "from") ?? (amount.IsNegative ? BoundChecks.RefuseDebt(account, -amount, "from") : null)
            ?? Approvals.Check(
                account.Unapproved, account.Calendar.DayOf(nowMs), amount, Approvals.LimitOf(policy), people.DecidedBy, people.ApprovedBy);
    }
}
