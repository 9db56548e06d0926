using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>Holds of an account's history, followed by themselves: the audit's second opinion of what prevented a stage, a cut or a late fee.</summary>
internal sealed class AuditHolds
{
    private readonly Dictionary<HoldKind, long> _until = [];
    private readonly Dictionary<string, ComplaintTopic> _complaints = [];
    private readonly Dictionary<string, long> _debits = [];

    private bool HasGrievance => _complaints.Values.Any(t => t is ComplaintTopic.Bill or ComplaintTopic.Cut);

    public void Follow(AccountEvent happened)
    {
        switch (happened)
        {
            case HoldPlaced e:
                _until[e.Kind] = e.UntilMs;
                break;
            case HoldLifted e:
                _until.Remove(e.Kind);
                break;
            case RestoreOrdered e:
                _until[HoldKind.OrderedRestore] = e.UntilMs;
                break;
            case DebitCollected e:
                _debits[e.Item] = e.UntilMs;
                break;
            case DebitReturned e:
                _debits.Remove(e.Item);
                if (e.DisputeUntilMs > 0)
                {
                    _until[HoldKind.PaymentDispute] = Math.Max(e.DisputeUntilMs, _until.GetValueOrDefault(HoldKind.PaymentDispute));
                }

                break;
            case PaymentTaken e:
                // The reference may be erased; what was announced is not.
                _debits.Remove(e.Reference ?? "");
                _debits.Remove(e.Announced ?? "");
                break;
            case ComplaintFiled e:
                _complaints[e.ComplaintId] = e.Topic;
                break;
            case ComplaintResolved e:
                _complaints.Remove(e.ComplaintId);
                break;
        }
    }

    /// <summary>Kinds of the holds that stand at an instant.</summary>
    public IEnumerable<HoldKind> Standing(long atMs) =>
        _until.Where(h => h.Value > atMs).Select(h => h.Key).Concat(HasGrievance ? [HoldKind.Grievance] : []);

    /// <summary>Whether a bill was in dispute at the end of a local day.</summary>
    public bool IsDisputed(int day, Func<long, int> dayOf) =>
        HasGrievance || Reaches(HoldKind.Dispute, day, dayOf) || Reaches(HoldKind.PaymentDispute, day, dayOf);

    /// <summary>Whether a direct debit was under way at the end of a local day.</summary>
    public bool IsCollecting(int day, Func<long, int> dayOf) => _debits.Values.Any(until => dayOf(until) > day);

    /// <summary>Whether a direct debit is under way at an instant.</summary>
    public bool IsCollecting(long atMs) => _debits.Values.Any(until => until > atMs);

    private bool Reaches(HoldKind kind, int day, Func<long, int> dayOf) =>
        _until.TryGetValue(kind, out var until) && (until == long.MaxValue || dayOf(until) > day);
}
