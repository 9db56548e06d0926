using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>Events of direct debit: what is under way with the bank, and what notice was given of.</summary>
internal static class DebitEvents
{
    /// <summary>Carries an event into the state of its customer.</summary>
    internal static void Apply(Customer customer, AccountEvent happened)
    {
        switch (happened)
        {
            case DebitCollected e:
                customer.PendingPayments.RemoveAll(p => p.Reference == e.Item);
                customer.PendingPayments.Add(new PendingPayment(e.Item, e.UntilMs, IsDebit: true));
                break;
            case DebitReturned e:
                customer.PendingPayments.RemoveAll(p => p.Reference == e.Item);
                HoldEvents.Apply(customer, e);
                break;
            case NoticeCompared { Kind: null } e:
                // Nothing is collected whose notice never left.
                customer.AnnouncedDebits.RemoveAll(a => a.NoticeId == e.Id);
                break;
        }
    }
}
