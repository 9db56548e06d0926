using System.Globalization;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>The workflows' commands: what people and channels say about an account, decided on one screen. Refusals in order of precedence.</summary>
public static class CustomerDecisions
{
    /// <summary>Longest time that an announced payment is waited for, ms: what a bank transfer takes over a long holiday.</summary>
    public const long PendingMaxMs = 10 * Instants.MsPerDay;

    /// <summary>Instalments of one plan, announced payments and holds of one account.</summary>
    public const int InstalmentsMax = PolicyCompiler.InstalmentsMax;
    public const int PendingMax = 16;

    /// <summary>Open cases that an account remembers; the oldest are forgotten first, and a contact can name them no more.</summary>
    public const int OpenCasesMax = 32;

    /// <summary>Open grievances of one account.</summary>
    public const int GrievancesMax = 16;

    /// <param name="policy">The pack of the account, or the one that it is put under; null is none.</param>
    public static Decision Decide(AccountState account, AccountCommand command, Policy? policy, long nowMs) => command switch
    {
        SetCustomer c => Set(account, c, policy),
        SwitchMode c => Switch(account, c, policy),
        _ when account.Customer is null || policy is null => Decision.Refuse(
            CustomerRefusals.NoPolicy,
            "The account is under no policy pack: set its customer first."),
        SetBillingCycle c => CycleDecisions.Decide(account, c, nowMs),
        PlaceHold { Kind: HoldKind.OrderedRestore } => Decision.Refuse(
            CustomerRefusals.HoldKindInvalid,
            "kind: order a restore instead of placing OrderedRestore."),
        PlaceHold { Kind: HoldKind.Grievance } or LiftHold { Kind: HoldKind.Grievance } => Decision.Refuse(
            CustomerRefusals.HoldKindInvalid,
            "kind: file or resolve a complaint instead: its hold comes and goes with it."),
        AskSurvey when account.Status == AccountStatus.Closed => Decision.Refuse(AccountRefusals.Closed, "The account is closed."),
        AskSurvey c => new SurveyAsked(c.SurveyId, c.Occasion),
        FileComplaint c when account.Customer.Holds.Count(h => h.Kind == HoldKind.Grievance) >= GrievancesMax && c.Topic.IsGrievance() => Decision.Refuse(
            CustomerRefusals.ComplaintTooMany,
            $"There are {GrievancesMax} open grievances already."),
        FileComplaint c => new ComplaintFiled(c.ComplaintId, c.Topic),
        ResolveComplaint c => new ComplaintResolved(c.ComplaintId, c.Topic, c.Outcome, c.By),
        PlaceHold c when c.UntilMs <= nowMs => Decision.Refuse(CustomerRefusals.HoldOver, $"until: {Instants.ToText(c.UntilMs!.Value)} is not in the future."),
        PlaceHold c => new HoldPlaced(c.Kind, c.UntilMs ?? long.MaxValue, c.Reason),
        LiftHold c when account.Customer.Holds.All(h => h.Kind != c.Kind) =>
            Decision.Refuse(CustomerRefusals.HoldUnknown, $"kind: there is no hold of kind {c.Kind}."),
        LiftHold c => new HoldLifted(c.Kind, c.Reason),
        AnnouncePayment c when c.UntilMs <= nowMs || c.UntilMs > nowMs + PendingMaxMs => Decision.Refuse(
            BillingRefusals.PaymentUntilInvalid,
            $"until: {Instants.ToText(c.UntilMs)} is not within {PendingMaxMs / Instants.MsPerDay} days from now."),
        AnnouncePayment when account.Customer.PendingPayments.Count >= PendingMax => Decision.Refuse(
            BillingRefusals.PaymentTooManyPending,
            $"There are {PendingMax} announced payments already."),
        AnnouncePayment c => new PaymentAnnounced(c.Reference, c.UntilMs),
        AnnounceDebit or CollectDebit or ReportDebitReturn => DebitDecisions.Decide(account, command, policy, nowMs),
        AgreePlan when account.Customer.Overdue.Plan.Count > 0 => Decision.Refuse(
            BillingRefusals.PlanExists,
            "There is a payment plan already: cancel it before another is agreed."),
        AgreePlan c => Plan(account, c, policy, nowMs),
        CancelPlan when account.Customer.Overdue.Plan.Count == 0 => Decision.Refuse(BillingRefusals.PlanUnknown, "There is no payment plan."),
        CancelPlan c => new PlanCancelled(c.By, c.Reason),
        PromisePayment c => Promise(account, c, nowMs),
        RecordContact c => Contact(account, c),
        CloseCase c => IsOf(account, c.CaseId) ? new CaseClosed(c.CaseId, c.By, c.Outcome) : NoCase(c.CaseId),
        ReportDelivery c when !IsOf(account, c.NoticeId) => Decision.Refuse(
            CustomerRefusals.NoticeUnknown,
            $"notice: '{c.NoticeId}' is not a notice of this account."),
        ReportDelivery c => new DeliveryReported(c.NoticeId, c.Channel, Math.Min(c.AtMs, nowMs)),
        WaiveFees c => Waive(account, c, policy, nowMs),
        MoveToDebt c => Move(account, c, policy),
        WriteOff c => Write(account, c),
        OrderRestore c => Restore(account, c, policy, nowMs),
        _ => throw new InvariantBrokenException($"No decision for command {command.GetType().Name}."),
    };

    /// <summary>Notices and cases are named by their account first.</summary>
    private static bool IsOf(AccountState account, string id) => id.StartsWith($"{account.Number}:", StringComparison.Ordinal);

    private static Decision NoCase(string caseId) => Decision.Refuse(CustomerRefusals.CaseUnknown, $"case: '{caseId}' is not an open case of this account.");

    private static Decision Contact(AccountState account, RecordContact c)
    {
        if (ContactOutcomes.OutcomesOf(c.Kind) is not { Count: > 0 } outcomes)
        {
            return Decision.Refuse(CustomerRefusals.ContactKindUnknown, $"kind: '{c.Kind}' is not one of {string.Join(", ", ContactOutcomes.KindNames)}.");
        }

        if (ContactOutcomes.ProofOf(c.Kind, c.Outcome) is null)
        {
            return Decision.Refuse(
                CustomerRefusals.ContactOutcomeUnknown,
                $"outcome: '{c.Outcome}' is not one of {string.Join(", ", outcomes)}, the outcomes of a {c.Kind}; put free text into the note.");
        }

        return c.CaseId is not null && account.Customer!.FindCase(account.Number, c.CaseId) is null
            ? NoCase(c.CaseId)
            : new ContactRecorded(c.Kind, c.By, c.Outcome, c.CaseId, c.Note);
    }

    private static Decision Restore(AccountState account, OrderRestore c, Policy policy, long nowMs)
    {
        var customer = account.Customer!;
        if (customer.Supply.Relay is not (Relay.Cut or Relay.CutReleased or Relay.CutPlanned or Relay.LastNotice)
            && !customer.Holds.Exists(h => h.Kind == HoldKind.OrderedRestore))
        {
            return Decision.Refuse(RelayRefusals.On, "Supply is not cut, and no cut is under way.");
        }

        var until = c.UntilMs ?? nowMs + (policy.Definition.Restore.OrderedHoldHours * Instants.MsPerHour);
        return until > nowMs && until <= nowMs + (PolicyCompiler.OrderedHoldHoursMax * Instants.MsPerHour)
            ? new RestoreOrdered(c.By, c.Reason, until)
            : Decision.Refuse(
                RelayRefusals.UntilInvalid,
                $"until: {Instants.ToText(until)} is not within {PolicyCompiler.OrderedHoldHoursMax / 24} days from now.");
    }

    private static Decision Set(AccountState account, SetCustomer c, Policy? policy)
    {
        if (policy is null)
        {
            return Decision.Refuse(PolicyRefusals.Unknown, $"policy: there is no pack number {c.PolicyFamily} that is effective.");
        }

        if ((c.Traits & CustomerTraits.PrepaidConsent) != 0 || (c.ConsentReference is not null && string.IsNullOrWhiteSpace(c.ConsentReference)))
        {
            return Decision.Refuse(
                CustomerRefusals.ConsentNoReference,
                "consent: consent to prepaid control is a reference to what the customer signed, not a trait.");
        }

        var currency = account.CurrentTariff.Definition.Currency;
        return policy.Definition.Currency == currency
            ? new CustomerSet(c.PolicyFamily, c.Class, c.Traits, c.ConsentReference)
            : Decision.Refuse(
                PolicyRefusals.Incompatible,
                $"policy: {policy.Definition.Id} is in {policy.Definition.Currency}; the account's tariff is in {currency}.");
    }

    /// <summary>A change to prepaid never happens with arrears outside a debt agreement. (DOMAIN, accounts.)</summary>
    private static Decision Switch(AccountState account, SwitchMode c, Policy? policy)
    {
        if (account.Mode == c.Mode)
        {
            return Decision.Refuse(AccountRefusals.ModeSame, $"mode: the account is {c.Mode} already.");
        }

        if (c.Mode == PaymentMode.Prepaid && string.IsNullOrWhiteSpace(c.ConsentReference))
        {
            return Decision.Refuse(AccountRefusals.ModeNoConsent, "consent: prepaid control needs a reference to what the customer signed.");
        }

        var owed = c.Mode == PaymentMode.Prepaid && account.Customer is not null ? OwedOf(account) : Money.Zero;
        if (policy is not null && owed < Money.SmallestUnit(policy.Digits))
        {
            // What rounding left out of bills cannot be paid: less than the smallest unit is nothing, and stays in the balance.
            owed = Money.Zero;
        }

        if (owed > Money.Zero)
        {
            if (policy is null || (c.ShareBasisPoints == 0 && c.PerDay == Money.Zero))
            {
                return Decision.Refuse(
                    AccountRefusals.ModeOwed,
                    $"mode: {owed} is owed. It must be paid first, or be recovered by a debt agreement: give debtSharePercent, debtPerDay or both.");
            }

            if ((Terms(c.ShareBasisPoints, c.PerDay, policy) ?? BoundChecks.Refuse(account, owed, "mode")
                ?? BoundChecks.RefuseDebt(account, owed, "mode")) is { } wrong)
            {
                return wrong;
            }
        }

        return Approvals.NeedsTwo(c.DecidedBy, c.ApprovedBy)
            ?? new ModeSwitched(account.Mode, c.Mode, c.ConsentReference, c.DecidedBy, c.ApprovedBy, owed, owed > Money.Zero ? c.ShareBasisPoints : 0,
                owed > Money.Zero ? c.PerDay : Money.Zero);
    }

    private static Decision Plan(AccountState account, AgreePlan c, Policy policy, long nowMs)
    {
        var today = account.Calendar.DayOf(nowMs);
        var days = c.Instalments.Select(i => i.Day).ToList();
        if (c.Instalments.Count is 0 or > InstalmentsMax || c.Instalments.Any(i => i.Amount <= Money.Zero || i.Amount > AccountDecisions.AmountMax)
            || days[0] < today || !days.SequenceEqual(days.Distinct().Order()))
        {
            return Decision.Refuse(
                BillingRefusals.PlanInvalid,
                $"instalments: 1 to {InstalmentsMax} are needed, with amounts above 0, on rising days from today on.");
        }

        var unpaid = account.Customer!.Overdue.Unpaid + account.Customer.Overdue.Fees;
        var sum = c.Instalments.Aggregate(WideMoney.Zero, (all, i) => all + i.Amount);
        return !(sum <= unpaid)
            ? Decision.Refuse(BillingRefusals.PlanTooMuch, $"instalments: they sum to {sum}, more than the {unpaid} that is unpaid.")
            : BeyondGrade(c, policy) ?? new PlanAgreed(c.Instalments, c.AgreedBy, string.IsNullOrEmpty(c.ApprovedBy) ? null : c.ApprovedBy);
    }

    /// <summary>A plan beyond what the pack offers the customer's grade needs a second person. It changes no notice and no wait.</summary>
    private static Decision? BeyondGrade(AgreePlan c, Policy policy)
    {
        var terms = policy.Instalments.TermsOf(c.Grade);
        return terms.Allows([.. c.Instalments.Select(i => i.Amount)]) || Approvals.NeedsTwo(c.AgreedBy, c.ApprovedBy) is null
            ? default(Decision?)
            : Decision.Refuse(
                AccessRefusals.ApprovalNeeded,
                $"instalments: {c.Instalments.Count}, the first of {c.Instalments[0].Amount}, are beyond what grade {c.Grade} is offered: "
                    + "at most "
                    + string.Create(CultureInfo.InvariantCulture, $"{terms.InstalmentsMax}, the first at least {terms.FirstShareMin * 100:0.##} % of all; ")
                    + $"approvedBy: '{c.ApprovedBy}' must be a second person beside '{c.AgreedBy}'.");
    }

    private static Decision Promise(AccountState account, PromisePayment c, long nowMs)
    {
        const int PromiseDaysMax = 14;
        var today = account.Calendar.DayOf(nowMs);
        return c.ByDay >= today && c.ByDay <= today + PromiseDaysMax
            ? new PaymentPromised(c.ByDay)
            : Decision.Refuse(
                BillingRefusals.PromiseInvalid,
                $"by: {Instants.DayToText(c.ByDay)} is not within {PromiseDaysMax} days from {Instants.DayToText(today)}.");
    }

    private static Decision Waive(AccountState account, WaiveFees c, Policy policy, long nowMs)
    {
        var fees = account.Customer!.Overdue.Fees;
        if (c.Amount <= Money.Zero || c.Amount > fees)
        {
            return Decision.Refuse(
                BillingRefusals.WaiverInvalid,
                $"amount: {c.Amount} is not more than 0 and at most the late fees of {fees}.");
        }

        return BoundChecks.Refuse(account, c.Amount)
            ?? Approvals.Check(account.Unapproved, account.Calendar.DayOf(nowMs), c.Amount, policy.WaiverAbove, c.DecidedBy, c.ApprovedBy)
            ?? new FeesWaived(c.Amount, c.Reason, c.DecidedBy, c.ApprovedBy);
    }

    private static Decision Move(AccountState account, MoveToDebt c, Policy policy)
    {
        var owed = OwedOf(account);
        if (c.Amount <= Money.Zero || c.Amount > owed)
        {
            return Decision.Refuse(
                BillingRefusals.DebtInvalid,
                $"amount: {c.Amount} is not more than 0 and at most the {owed} that is owed.");
        }

        return Terms(c.ShareBasisPoints, c.PerDay, policy) ?? BoundChecks.Refuse(account, c.Amount) ?? BoundChecks.RefuseDebt(account, c.Amount)
            ?? new DebtMoved(c.Amount, c.ShareBasisPoints, c.PerDay, c.Reason);
    }

    private static Decision? Terms(int shareBasisPoints, Money perDay, Policy policy)
    {
        var p = policy.Definition.Prepaid;
        if (shareBasisPoints < 0 || shareBasisPoints > p.DebtShareBasisPoints)
        {
            return Decision.Refuse(
                BillingRefusals.DebtShareInvalid,
                $"shareBasisPoints: {shareBasisPoints} is not 0 to {p.DebtShareBasisPoints}, the pack's largest.");
        }

        if (shareBasisPoints == 0 && perDay == Money.Zero)
        {
            return Decision.Refuse(
                BillingRefusals.DebtNoTerms,
                "shareBasisPoints, perDay: both are 0; debt without terms is a write-off, which needs a second person.");
        }

        return perDay.IsNegative || perDay > policy.DebtPerDay
            ? Decision.Refuse(BillingRefusals.DebtPerDayInvalid, $"perDay: {perDay} is not 0 to {policy.DebtPerDay}, the pack's largest.")
            : default(Decision?);
    }

    private static Money OwedOf(AccountState account) => Money.Max(Money.Zero, -account.Balance);

    private static Decision Write(AccountState account, WriteOff c)
    {
        var owed = OwedOf(account);
        if (c.Amount <= Money.Zero || c.Amount > owed)
        {
            return Decision.Refuse(
                BillingRefusals.WriteOffInvalid,
                $"amount: {c.Amount} is not more than 0 and at most the {owed} that is owed.");
        }

        return BoundChecks.Refuse(account, c.Amount) ?? Approvals.NeedsTwo(c.DecidedBy, c.ApprovedBy)
            ?? new WrittenOff(c.Amount, c.Reason, c.DecidedBy, c.ApprovedBy);
    }
}
