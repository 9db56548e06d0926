using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Grades;

/// <summary>Promises and payment plans of an account, and what was paid of them.</summary>
internal static class AgreedPayments
{
    /// <summary>
    /// Promises: what was asked for before one and is due by its day is what was promised. One that nothing was owed at is none.
    /// </summary>
    public static IEnumerable<OwedAmount> Promises(AccountPayments account, int today)
    {
        foreach (var (position, day, happened) in account.Events.Where(e => e.Day < today && e.Event is PaymentPromised))
        {
            var by = ((PaymentPromised)happened).ByDay;
            var items = account.Moves.Where(m => m.Credit == ItemMove.Asked && m.Position < position && m.DueDay <= by).ToList();
            var numbers = items.Select(i => i.Item).ToHashSet();
            var parts = account.Moves.Where(m => m.Credit != ItemMove.Asked && numbers.Contains(m.Item)).ToLookup(m => m.Position < position);
            var open = items.Select(i => i.Amount).Sum() - parts[true].Select(m => m.Amount).Sum();
            if (open > Money.Zero)
            {
                yield return new OwedAmount(by, open, AccountBills.Paid(parts[false]));
            }
        }
    }

    /// <summary>
    /// Instalments of plans. What was credited after a plan was agreed pays its instalments in their order; a plan that was fulfilled is paid on that day. Of a
    /// plan that ended otherwise, instalments of that day and later ask for nothing.
    /// </summary>
    public static IEnumerable<OwedAmount> Instalments(AccountPayments account, int today)
    {
        var events = account.Events.Where(e => e.Day < today).ToList();
        foreach (var (position, _, happened) in events.Where(e => e.Event is PlanAgreed))
        {
            var end = EndOf(events, position);
            var paid = new Queue<PaidPart>(AccountBills.Paid(
                account.Moves.Where(m => m.Credit != ItemMove.Asked && m.Position > position && (m.Credit == 0 || m.Credit > position))));
            foreach (var instalment in ((PlanAgreed)happened).Instalments)
            {
                if (end is { Event: not PlanFulfilled, Day: var over } && instalment.Day >= over)
                {
                    break;
                }

                var (parts, missing) = Take(ref paid, instalment.Amount);
                if (end is { Event: PlanFulfilled, Day: var day } && missing > Money.Zero)
                {
                    parts.Add(new(day, missing));
                }

                yield return new OwedAmount(instalment.Day, instalment.Amount, parts);
            }
        }
    }

    /// <summary>Position of the plan that is in force at the begin of a day; null is none.</summary>
    public static long? PlanOn(AccountPayments account, int today)
    {
        var events = account.Events.Where(e => e.Day < today).ToList();
        var last = events.FindLastIndex(e => e.Event is PlanAgreed);
        return last >= 0 && EndOf(events, events[last].Position) is null ? events[last].Position : null;
    }

    private static DatedEvent? EndOf(List<DatedEvent> events, long position)
    {
        var index = events.FindIndex(e => e.Position >= position && e.Event is PlanBroken or PlanFulfilled or PlanCancelled);
        return index < 0 ? null : events[index];
    }

    private static (List<PaidPart> Parts, Money Missing) Take(ref Queue<PaidPart> paid, Money missing)
    {
        var parts = new List<PaidPart>();
        while (missing > Money.Zero && paid.TryDequeue(out var next))
        {
            var part = next.Amount < missing ? next.Amount : missing;
            parts.Add(next with { Amount = part });
            missing -= part;
            if (part < next.Amount)
            {
                paid = new([next with { Amount = next.Amount - part }, .. paid]);
            }
        }

        return (parts, missing);
    }
}
