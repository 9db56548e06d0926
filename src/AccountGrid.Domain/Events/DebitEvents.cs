using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>Events of direct debit: what is under way with the bank, and what notice was given of.</summary>
internal static class DebitEvents
{
    /// <summary>Carries an event into the state of its customer.</summary>
    internal static void Apply(AccountState account, Customer customer, AccountEvent happened, long atMs, Policy? policy)
    {
        switch (happened)
        {
            case DebitAnnounced e when policy is not null:
                // The notice comes next, and has the next name. On a day on which no version of the pack decides none is given, so nothing may be collected.
                var today = account.Calendar.DayOf(atMs);
                customer.AnnouncedDebits.RemoveAll(a => a.Day < today);
                customer.AnnouncedDebits.Add(
                    new AnnouncedDebit(e.Item, e.DueDay, e.Amount, e.Day, customer.NextNoticeId(account.Number, NoticeKind.DirectDebit)));
                break;
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
