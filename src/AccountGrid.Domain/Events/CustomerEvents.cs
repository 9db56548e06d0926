using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>Events of customers: what people and channels have said, and agreements.</summary>
internal static class CustomerEvents
{
    /// <summary>Carries an event into the state of its account.</summary>
    internal static void Apply(AccountState account, AccountEvent happened, long position, long atMs, Policy? policy)
    {
        switch (happened)
        {
            case CustomerSet e:
                Set(account, e);
                return;
            case ModeSwitched e:
                Switched(account, e, atMs);
                return;
        }

        var customer = account.Customer ?? throw new InvariantBrokenException($"Account {account.Number} has no customer for {happened.GetType().Name}.");
        switch (happened)
        {
            case HoldPlaced or HoldLifted or RestoreOrdered or ComplaintFiled or ComplaintResolved:
                HoldEvents.Apply(customer, happened);
                break;
            case PaymentAnnounced e:
                customer.PendingPayments.RemoveAll(p => p.Reference == e.Reference);
                customer.PendingPayments.Add(new PendingPayment(e.Reference, e.UntilMs));
                break;
            case DebitAnnounced or DebitCollected or DebitReturned or NoticeCompared:
                DebitEvents.Apply(account, customer, happened, atMs, policy);
                break;
            case PaymentPromised e:
                customer.Overdue.PromiseDay = e.ByDay;
                break;
            case ContactRecorded e:
                Contacted(account, customer, e, atMs);
                break;
            case CaseClosed e:
                customer.Cases.RemoveAll(c => c.IdOf(account.Number) == e.CaseId);
                break;
            case DeliveryReported e:
                Delivered(account, customer, e);
                break;
            case FeesWaived e:
                account.Credit += e.Amount;
                AccountEvents.Count(account, e.Amount, !string.IsNullOrEmpty(e.ApprovedBy), atMs);
                break;
            case DebtMoved e:
                account.Credit += e.Amount;
                customer.Debt =
                    new Debt(customer.Debt.Left + e.Amount, e.ShareBasisPoints, e.PerDay, account.Calendar.DayOf(atMs));
                break;
            case DebtRecovered e:
                account.Credit -= e.Amount;
                customer.Debt = customer.Debt with { Left = customer.Debt.Left - e.Amount };
                break;
            case WrittenOff e:
                account.Credit += e.Amount;
                break;
            default:
                OverdueEvents.Apply(account, customer, happened, position, atMs, policy);
                break;
        }
    }

    private static void Set(AccountState account, CustomerSet e)
    {
        account.Customer ??= new Customer { PolicyFamily = e.PolicyFamily };
        var consent = e.ConsentReference is null ? account.Customer.Traits & CustomerTraits.PrepaidConsent : CustomerTraits.PrepaidConsent;
        (account.Customer.PolicyFamily, account.Customer.Class, account.Customer.Traits) = (e.PolicyFamily, e.Class, e.Traits | consent);
    }

    /// <summary>A contact proves what its outcome says: a delivery by hand and the authority's copy only for the notice that its case was opened for.</summary>
    private static void Contacted(AccountState account, Customer customer, ContactRecorded e, long atMs)
    {
        var (overdue, proof, of) =
            (customer.Overdue, ContactOutcomes.ProofOf(e.Kind, e.Outcome) ?? ContactProof.None, customer.FindCase(account.Number, e.CaseId));
        if (proof.HasFlag(ContactProof.Attempt) && overdue.IsDue(account.Calendar.DayOf(atMs)))
        {
            overdue.ContactAttempts++;
        }

        if (proof.HasFlag(ContactProof.NoticeDelivered) && of is { Kind: CaseKind.DeliverByHand, NoticeId: { } notice } && notice == overdue.StopNoticeId)
        {
            customer.BalanceShownMs = atMs;
            overdue.StopNoticeDeliveredMs = overdue.StopNoticeDeliveredMs == 0 ? atMs : overdue.StopNoticeDeliveredMs;
        }

        overdue.WelfareVisited |= proof.HasFlag(ContactProof.WelfareSeen);
        overdue.AuthorityInformed |= proof.HasFlag(ContactProof.AuthorityInformed) && of is { Kind: CaseKind.InformAuthority } copy
            && copy.NoticeId == overdue.StopNoticeId;
        customer.Cases.RemoveAll(c => c.IdOf(account.Number) == e.CaseId);
    }

    private static void Switched(AccountState account, ModeSwitched e, long atMs)
    {
        account.Mode = e.To;
        if (account.Customer is not { } customer)
        {
            return;
        }

        // Consent is to the control that was agreed on: going back to prepaid needs another.
        customer.Traits = e.To == PaymentMode.Prepaid ? customer.Traits | CustomerTraits.PrepaidConsent : customer.Traits & ~CustomerTraits.PrepaidConsent;
        if (e.Moved > Money.Zero)
        {
            account.Credit += e.Moved;
            customer.Debt = new Debt(customer.Debt.Left + e.Moved, e.ShareBasisPoints, e.PerDay, account.Calendar.DayOf(atMs));
        }
    }

    private static void Delivered(AccountState account, Customer customer, DeliveryReported e)
    {
        if (NoticeKinds.WithoutBalance.Any(kind => e.NoticeId.Contains($":{kind.Code()}:", StringComparison.Ordinal)))
        {
            return;
        }

        // Every other notice shows the balance; the two that a cut depends on count from their own delivery, by their own name.
        var overdue = customer.Overdue;
        customer.BalanceShownMs = Math.Max(customer.BalanceShownMs, e.AtMs);
        if (e.NoticeId == overdue.StopNoticeId && overdue.StopNoticeDeliveredMs == 0)
        {
            // A provider's clock that is behind must not shorten a customer's time: nothing is delivered before it was given.
            overdue.StopNoticeDeliveredMs = Math.Max(e.AtMs, account.Calendar.StartOf(overdue.StageDay));
        }

        if (e.NoticeId == overdue.LastNoticeId && overdue.LastNoticeDeliveredMs == 0)
        {
            overdue.LastNoticeDeliveredMs = Math.Max(e.AtMs, customer.Supply.SinceMs);
        }
    }
}
