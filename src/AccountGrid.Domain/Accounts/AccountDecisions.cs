using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>
/// The account's business on one screen: what a command leads to, decided from state, command and the log's time alone.
/// Refusals in order of precedence; nothing here changes state.
/// </summary>
public static class AccountDecisions
{
    /// <summary>Largest single amount.</summary>
    public static readonly Money AmountMax = Money.FromUnits(Limits.AmountMax);

    public static Decision Decide(AccountState? account, AccountCommand command, Tariff? tariff, Policy? policy = null, long nowMs = 0) =>
        (account, command) switch
        {
            (null, OpenAccount c) when tariff is null => Decision.Refuse(TariffRefusals.Unknown, $"Tariff number {c.Tariff} does not exist."),
            (null, OpenAccount c) => NotInForce(tariff, c.OpenedDay, "openedOn") ?? Withdrawn(tariff, c.Follows, nowMs) ?? Levels(c.Levels)
                ?? HouseholdSize(c.HouseholdSize) ?? CapacityDecisions.Refuse(tariff, c.ContractedMilli ?? 0, c.ContractedUnit)
                ?? new AccountOpened(c.AccountId, c.Tariff, c.Mode, c.OpenedDay, c.HouseholdSize, c.Protected, c.Levels, c.Kind,
                    c.Follows, c.ContractedMilli, c.ContractedMilli is null ? null : CapacityDecisions.UnitOf(tariff, c.ContractedUnit)),
            (null, _) => Decision.Refuse(AccountRefusals.Unknown, $"Account number {command.Account} does not exist."),
            (_, OpenAccount c) => Decision.Refuse(AccountRefusals.Exists, $"Account {c.AccountId} exists already."),
            _ when InternalAccounts.RefuseKind(account!, command) is { } otherKind => otherKind,
            ({ Status: AccountStatus.Closed }, ChangeTariff or ChangeHousehold or SetContractedCapacity or CloseAccount or SetCustomer or SwitchMode
                or SetBillingCycle or MoveToDebt) =>
                Decision.Refuse(AccountRefusals.Closed, "The account is closed."),
            (_, TakePayment c) => Amount(c.Amount) ?? BoundChecks.Refuse(account!, c.Amount) ?? new PaymentTaken(c.Amount, c.Channel, c.Reference),
            (_, ReceiveTransfer c) => InternalAccounts.RefuseReceived(account!, c) ?? BoundChecks.Refuse(account!, c.Amount)
                ?? new PaymentTaken(c.Amount, c.Channel, c.Reference, c.Announced, c.From),
            (_, TransferMoney c) when Amount(c.Amount) is { } wrong => wrong,
            (_, TransferMoney or ReturnTransfer or MoveInternal or SetFloatTerms) => InternalAccounts.Decide(account!, command),
            (_, ReversePayment c) => Reverse(account!, c, nowMs),
            (_, RefundCredit c) => Refund(account!, c, policy, nowMs),
            (_, AdjustBalance c) => SignedAmount(c.Amount) ?? BoundChecks.Refuse(account!, c.Amount) ?? Names(account!, c, nowMs)
                ?? Agreed(account!, c, policy, nowMs) ?? new BalanceAdjusted(c.Amount, c.Reason, c.CorrectsPosition, IsAgreed(c.ApprovedBy)),
            (_, ChangeTariff c) => Change(account!, c, tariff, nowMs),
            (_, ChangeHousehold c) => Change(account!, c, nowMs),
            (_, SetContractedCapacity c) => CapacityDecisions.Decide(account!, c, policy, nowMs),
            (_, CloseAccount c) => Close(account!, c, nowMs),
            _ => CustomerDecisions.Decide(account!, command, policy, nowMs),
        };

    private static Decision? Amount(Money amount) => amount > Money.Zero && amount <= AmountMax
        ? default(Decision?)
        : Decision.Refuse(RequestRefusals.AmountInvalid, $"amount: {amount} is not more than 0 and at most {AmountMax}.");

    private static Decision? SignedAmount(Money amount) => amount >= -AmountMax && amount <= AmountMax && amount != Money.Zero
        ? default(Decision?)
        : Decision.Refuse(RequestRefusals.AmountInvalid, $"amount: {amount} is zero or beyond {AmountMax}.");

    private static Decision? Levels(IReadOnlyList<Money> levels)
    {
        if (levels.Count > Limits.LevelsMax)
        {
            return Decision.Refuse(AccountRefusals.TooManyLevels, $"lowBalanceLevels: {levels.Count} are given; at most {Limits.LevelsMax} are allowed.");
        }

        foreach (var level in levels)
        {
            if (level < -AmountMax || level > AmountMax)
            {
                return Decision.Refuse(
                    AccountRefusals.LevelInvalid,
                    $"lowBalanceLevels: {level} is not from {-AmountMax} to {AmountMax}.");
            }
        }

        return null;
    }

    private static Decision? HouseholdSize(int size) => size <= Limits.HouseholdMax
        ? default(Decision?)
        : Decision.Refuse(AccountRefusals.HouseholdInvalid, $"householdSize: {size} is not 0 to {Limits.HouseholdMax}.");

    /// <summary>A version that is not in force on a day is charged to nobody on that day.</summary>
    private static Decision? NotInForce(Tariff tariff, int day, string field) => tariff.IsInForceOn(day) || Faults.Sabotage.FutureVersion
        ? default(Decision?)
        : Decision.Refuse(
            TariffRefusals.NotEffective,
            $"{field}: {Instants.DayToText(day)} is before {tariff.Definition.EffectiveFrom:yyyy-MM-dd}, the first day of version "
                + $"{tariff.Definition.Version} of tariff {tariff.Definition.Id}.");

    /// <summary>A version that was withdrawn never holds, so nobody can agree on it; who follows the product has the version before it.</summary>
    private static Decision? Withdrawn(Tariff tariff, bool follows, long nowMs) => follows || !tariff.Product.IsWithdrawn(tariff, nowMs)
        ? default(Decision?)
        : Decision.Refuse(
            TariffRefusals.Withdrawn, $"tariff: version {tariff.Definition.Version} of product {tariff.Definition.Id} was withdrawn; name another version.");

    private static bool IsAgreed(string? approvedBy) => !string.IsNullOrEmpty(approvedBy);

    private static Decision? Agreed(AccountState account, AdjustBalance c, Policy? policy, long nowMs) =>
        Approvals.Check(account.Unapproved, account.Calendar.DayOf(nowMs), c.Amount, Approvals.LimitOf(policy), c.DecidedBy, c.ApprovedBy);

    /// <summary>A correction names an adjustment of the opposite sign, and takes back at most what of it still counts.</summary>
    private static Decision? Names(AccountState account, AdjustBalance c, long nowMs)
    {
        if (c.CorrectsPosition is not { } position)
        {
            return default;
        }

        var found = account.Movements.FindIndex(m => m.Position == position && m.IsAdjustment);
        if (found < 0)
        {
            return Decision.Refuse(
                BillingRefusals.AdjustmentUnknown,
                $"corrects: no adjustment at position {position} within the last {Limits.ReversibleDays} days.");
        }

        var corrected = account.Movements[found];
        if (TooOld(account, corrected, nowMs, "corrects", "adjustment") is { } old)
        {
            return old;
        }

        return corrected.Amount.IsNegative == c.Amount.IsNegative || c.Amount.Abs() > corrected.Left
            ? Decision.Refuse(BillingRefusals.AdjustmentNotCorrected,
                $"amount: {c.Amount} does not take back the adjustment of {corrected.Amount}, of which {corrected.Left} still counts; it "
                    + "must have the opposite sign and be at most that.")
            : default(Decision?);
    }

    /// <summary>
    /// What a credit paid is remembered for <see cref="Limits.ReversibleDays"/> days, by <see cref="ItemBook.Forget"/>: as long it can be taken back, so that
    /// exactly what it paid is open again. After that an adjustment says what is owed.
    /// </summary>
    private static Decision? TooOld(AccountState account, in MoneyMovement movement, long nowMs, string field, string what) =>
        movement.Day >= account.Calendar.DayOf(nowMs) - Limits.ReversibleDays
            ? default(Decision?)
            : Decision.Refuse(movement.IsAdjustment ? BillingRefusals.AdjustmentTooOld : BillingRefusals.PaymentTooOld,
                $"{field}: the {what} at position {movement.Position} is of {Instants.DayToText(movement.Day)}, more than {Limits.ReversibleDays} days ago: "
                    + "the grid no longer knows which items it paid. Adjust the balance instead.");

    private static Decision Reverse(AccountState account, ReversePayment c, long nowMs)
    {
        var found = account.Movements.FindIndex(m => m.Position == c.PaymentPosition && !m.IsAdjustment);
        if (found < 0)
        {
            return Decision.Refuse(
                BillingRefusals.PaymentUnknown,
                $"payment: no payment of this account at position {c.PaymentPosition} within the last {Limits.ReversibleDays} days.");
        }

        var payment = account.Movements[found];
        if (TooOld(account, payment, nowMs, "payment", "payment") is { } old)
        {
            return old;
        }

        return payment.TakenBack != Money.Zero
            ? Decision.Refuse(BillingRefusals.PaymentReversed, $"payment: the payment at position {c.PaymentPosition} is reversed already.")
            : BoundChecks.Refuse(account, -payment.Amount, "payment") ?? BoundChecks.RefuseDebt(account, payment.Amount, "payment")
                ?? new PaymentReversed(c.PaymentPosition, payment.Amount, c.Reason, payment.From);
    }

    private static Decision Refund(AccountState account, RefundCredit c, Policy? policy, long nowMs)
    {
        if (Amount(c.Amount) is { } wrong)
        {
            return wrong;
        }

        var most = FinalCredit.MostOf(account);
        return c.Amount > most
            ? Decision.Refuse(BillingRefusals.RefundExceedsBalance, $"amount: {c.Amount} is more than the balance of {most}.")
            : Approvals.Check(account.Unapproved, account.Calendar.DayOf(nowMs), c.Amount, Approvals.LimitOf(policy), c.DecidedBy, c.ApprovedBy)
                ?? new RefundPaid(c.Amount, c.Reason, IsAgreed(c.ApprovedBy));
    }

    /// <summary>Why an account cannot be on a tariff from a day on; null where it can.</summary>
    internal static Decision? RefuseTariff(AccountState account, Tariff? tariff, int number, int fromDay, bool follows, long nowMs)
    {
        if (tariff is null)
        {
            return Decision.Refuse(TariffRefusals.Unknown, $"Tariff number {number} does not exist.");
        }

        var now = account.CurrentTariff.Definition;
        if (tariff.Definition.Currency != now.Currency || tariff.Definition.Zone != now.Zone)
        {
            return Decision.Refuse(TariffRefusals.Incompatible,
                $"tariff: {tariff.Definition.Id} is in {tariff.Definition.Currency} and {tariff.Definition.Zone}; the account needs {now.Currency} and "
                    + $"{now.Zone}.");
        }

        return NotInForce(tariff, fromDay, "from") ?? Withdrawn(tariff, follows, nowMs);
    }

    private static Decision Change(AccountState account, ChangeTariff c, Tariff? tariff, long nowMs)
    {
        if ((RefuseTariff(account, tariff, c.Tariff, c.FromDay, c.Follows, nowMs) ?? CapacityDecisions.RefuseDay(account, tariff!, c.FromDay, nowMs)
                ?? CapacityDecisions.Refuse(account, tariff!, c.FromDay)) is { } wrong)
        {
            return wrong;
        }

        foreach (var meter in account.Meters.Where(m => m.UntilMs == long.MaxValue))
        {
            if (tariff!.UnmappedOf(meter.Rates?.Length ?? 0) is { } register)
            {
                return Decision.Refuse(TariffRefusals.RegistersNotMapped,
                    $"tariff: {tariff.Definition.Id} has no rate for {RegisterCodes.Of(register)}, which a meter of the account is charged by.");
            }
        }

        var earliest = Math.Max(account.OpenedDay, account.StandingThroughDay + 1);
        foreach (var meter in account.Lines)
        {
            earliest = Math.Max(earliest, account.Calendar.DayOf(meter.Last.TimeMs) + 1);
        }

        return c.FromDay < earliest
            ? Decision.Refuse(
                TariffRefusals.TooEarly,
                $"from: {Instants.DayToText(c.FromDay)} has readings or charges already; the first possible day is {Instants.DayToText(earliest)}.")
            : new TariffChanged(c.Tariff, c.FromDay, c.Follows);
    }

    private static Decision Change(AccountState account, ChangeHousehold c, long nowMs)
    {
        if (c.HouseholdSize > Household.SizeMax)
        {
            return Decision.Refuse(AccountRefusals.HouseholdInvalid, $"householdSize: {c.HouseholdSize} is not 0 to {Household.SizeMax}.");
        }

        var today = account.Calendar.DayOf(nowMs);
        if (c.FromDay > today)
        {
            return Decision.Refuse(
                AccountRefusals.HouseholdInFuture,
                $"from: {Instants.DayToText(c.FromDay)} is later than today, {Instants.DayToText(today)}.");
        }

        if (c.FromDay < account.OpenedDay)
        {
            return Decision.Refuse(
                AccountRefusals.HouseholdTooEarly,
                $"from: {Instants.DayToText(c.FromDay)} is before the account's first day, {Instants.DayToText(account.OpenedDay)}.");
        }

        var start = account.TariffOf(c.FromDay).PeriodStartOf(c.FromDay);
        if (start < account.SettledBeforeDay)
        {
            return Decision.Refuse(AccountRefusals.HouseholdTooEarly,
                $"from: {Instants.DayToText(c.FromDay)} lies in a period that no longer changes; the first possible day is "
                    + $"{Instants.DayToText(account.SettledBeforeDay)}. Adjust the balance for what is earlier.");
        }

        return account.FormerHouseholds.Count >= Household.FormerMax
            ? Decision.Refuse(AccountRefusals.HouseholdTooMany, $"The account has had {Household.FormerMax} households already.")
            : BoundChecks.Refuse(account, account.CostOf(start, new Household(c.HouseholdSize, c.Protected)), "householdSize")
                ?? new HouseholdChanged(c.HouseholdSize, c.Protected, start, c.Reason);
    }

    private static Decision Close(AccountState account, CloseAccount c, long nowMs)
    {
        if (account.Meters.Any(m => m.UntilMs == long.MaxValue))
        {
            return Decision.Refuse(AccountRefusals.HasMeters, "The account still has a meter; assign it elsewhere first.");
        }

        var today = account.Calendar.DayOf(nowMs);
        var earliest = Math.Max(account.OpenedDay, account.SettledBeforeDay);
        foreach (var meter in account.Meters)
        {
            earliest = Math.Max(earliest, account.Calendar.DayOfIntervalEnd(meter.UntilMs));
        }

        return c.LastDay < earliest || c.LastDay > Math.Max(today, earliest)
            ? Decision.Refuse(AccountRefusals.CloseDayInvalid,
                $"lastDay: {Instants.DayToText(c.LastDay)} is not from {Instants.DayToText(earliest)}, the first possible day, to today, "
                    + $"{Instants.DayToText(today)}.")
            : new AccountClosed(c.LastDay, c.Reason);
    }
}
