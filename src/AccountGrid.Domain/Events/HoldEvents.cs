using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>Events of holds. One kind of hold stands once, but each open grievance has a hold of its own.</summary>
internal static class HoldEvents
{
    /// <summary>Carries an event into the state of its customer.</summary>
    internal static void Apply(Customer customer, AccountEvent happened)
    {
        switch (happened)
        {
            case HoldPlaced e:
                Place(customer, e.Kind, e.UntilMs);
                break;
            case HoldLifted e:
                customer.Holds.RemoveAll(h => h.Kind == e.Kind);
                break;
            case RestoreOrdered e:
                Place(customer, HoldKind.OrderedRestore, e.UntilMs);
                break;
            case DebitReturned { DisputeUntilMs: > 0 } e:
                // One that stands until later, or until a person lifts it, is not shortened.
                Place(customer, HoldKind.PaymentDispute,
                    customer.Holds.Where(h => h.Kind == HoldKind.PaymentDispute).Select(h => h.UntilMs).Append(e.DisputeUntilMs).Max());
                break;
            case ComplaintFiled e when e.Topic.IsGrievance():
                customer.Holds.Add(new Hold(HoldKind.Grievance, long.MaxValue));
                break;
            case ComplaintResolved e:
                Resolve(customer, e);
                break;
        }
    }

    private static void Place(Customer customer, HoldKind kind, long untilMs)
    {
        customer.Holds.RemoveAll(h => h.Kind == kind);
        customer.Holds.Add(new Hold(kind, untilMs));
    }

    private static void Resolve(Customer customer, ComplaintResolved e)
    {
        customer.Cases.RemoveAll(c => c.Kind == CaseKind.Complaint && c.NoticeId == e.ComplaintId);
        var hold = customer.Holds.FindIndex(h => h.Kind == HoldKind.Grievance);
        if (e.Topic.IsGrievance() && hold >= 0)
        {
            customer.Holds.RemoveAt(hold);
        }
    }
}
