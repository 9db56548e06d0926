using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>Holds of an account's history, followed by themselves: the audit's second opinion of what prevented a stage, a cut or a late fee.</summary>
internal sealed class AuditHolds
{
    private readonly Dictionary<HoldKind, long> _until = [];
    private readonly Dictionary<string, ComplaintTopic> _complaints = [];

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
        HasGrievance || (_until.TryGetValue(HoldKind.Dispute, out var until) && (until == long.MaxValue || dayOf(until) > day));
}
