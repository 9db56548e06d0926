using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Grades;

/// <summary>
/// Days on which what an account owes does not count as late: its claim is disputed or in doubt, or a bank has been asked for the money. A hold speaks of the
/// account and not of a bill, so it counts for all its bills; a collection counts for the bill of its due day. (SERVICE.md: disputes never lower a grade.)
/// </summary>
internal sealed class ExcusedDays
{
    private readonly List<Span> _ended = [];
    private readonly List<Span> _open = [];

    /// <param name="events">In order.</param>
    /// <param name="today">What happened on this day or later is not known yet.</param>
    /// <param name="dayOf">The local day of an instant, UTC ms.</param>
    public ExcusedDays(IReadOnlyList<DatedEvent> events, int today, Func<long, int> dayOf)
    {
        foreach (var (_, day, happened) in events.Where(e => e.Day < today))
        {
            switch (happened)
            {
                case HoldPlaced { Kind: HoldKind.Dispute or HoldKind.DataQuality or HoldKind.PaymentDispute } e:
                    End(e.Kind.ToString(), day);
                    _open.Add(new(e.Kind.ToString(), 0, day, e.UntilMs == long.MaxValue ? int.MaxValue : dayOf(e.UntilMs)));
                    break;
                case HoldLifted e:
                    End(e.Kind.ToString(), day);
                    break;
                case ComplaintFiled e when e.Topic.IsGrievance():
                    _open.Add(new("complaint:" + e.ComplaintId, 0, day, int.MaxValue));
                    break;
                case ComplaintResolved e:
                    End("complaint:" + e.ComplaintId, day);
                    break;
                case DebitCollected e:
                    _open.Add(new("debit:" + e.Item, e.DueDay, day, dayOf(e.UntilMs)));
                    break;
                case DebitReturned e:
                    End("debit:" + e.Item, day);
                    if (e.DisputeUntilMs > 0)
                    {
                        _open.Add(new(nameof(HoldKind.PaymentDispute), 0, day, dayOf(e.DisputeUntilMs)));
                    }

                    break;
            }
        }

        _ended.AddRange(_open);
    }

    /// <summary>Whether the claim is not certain on a day.</summary>
    public bool IsDisputed(int day) => _ended.Exists(d => d.DueDay == 0 && d.From <= day && day < d.Until);

    /// <summary>How many days after a due day and up to another day are excused; each counts once.</summary>
    public int Between(int dueDay, int through)
    {
        var (count, next) = (0, dueDay + 1);
        foreach (var span in _ended.Where(d => d.DueDay == 0 || d.DueDay == dueDay).OrderBy(d => d.From))
        {
            var (first, last) = (Math.Max(next, span.From), Math.Min(through, span.Until - 1));
            if (last >= first)
            {
                (count, next) = (count + last - first + 1, last + 1);
            }
        }

        return count;
    }

    private void End(string of, int day)
    {
        _ended.AddRange(_open.Where(o => o.Of == of).Select(o => o with { Until = Math.Min(o.Until, day) }));
        _open.RemoveAll(o => o.Of == of);
    }

    /// <param name="Of">What excuses.</param>
    /// <param name="DueDay">Only the bill that is due on this day; 0 is all.</param>
    /// <param name="Until">First day that is not excused any more.</param>
    private readonly record struct Span(string Of, int DueDay, int From, int Until);
}
