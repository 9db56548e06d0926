using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// Who pulls which partition: the silo with the highest score for it. Every silo works it out alone from the membership, a silo that
/// leaves gives up only its own partitions, one that joins takes an even share, and a placement director can ask the same question.
/// </summary>
public static class Rendezvous
{
    /// <summary>The owner of a partition among silos; null if there are none.</summary>
    public static SiloAddress? OwnerOf(int partition, IEnumerable<SiloAddress> silos)
    {
        SiloAddress? best = null;
        ulong bestScore = 0;
        foreach (var silo in silos)
        {
            var score = Mix(unchecked((ulong)(uint)silo.GetConsistentHashCode() ^ ((ulong)(uint)partition << 32)));
            if (best is null || score > bestScore || (score == bestScore && silo.CompareTo(best) > 0))
            {
                (best, bestScore) = (silo, score);
            }
        }

        return best;
    }

    // The finalizer of SplitMix64: every input bit moves half of the output bits.
    private static ulong Mix(ulong x)
    {
        x = unchecked((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9);
        x = unchecked((x ^ (x >> 27)) * 0x94d049bb133111eb);
        return x ^ (x >> 31);
    }
}

internal sealed class RendezvousQueueBalancer : QueueBalancerBase
{
    private readonly IClusterMembershipService _membership;
    private QueueId[] _all = [];
    private volatile QueueId[] _mine = [];

    private RendezvousQueueBalancer(IServiceProvider services)
        : base(services, services.GetRequiredService<ILogger<RendezvousQueueBalancer>>()) =>
        _membership = services.GetRequiredService<IClusterMembershipService>();

    public static IStreamQueueBalancer Create(IServiceProvider services, string name) => new RendezvousQueueBalancer(services);

    public override Task Initialize(IStreamQueueMapper queueMapper)
    {
        _all = [.. queueMapper.GetAllQueues()];
        var active = _membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress);
        _mine = MineAmong([.. active]);
        return base.Initialize(queueMapper);
    }

    public override IEnumerable<QueueId> GetMyQueues() => _mine;

    protected override void OnClusterMembershipChange(HashSet<SiloAddress> activeSilos)
    {
        _mine = MineAmong(activeSilos);
        NotifyListeners().Ignore();
    }

    private QueueId[] MineAmong(HashSet<SiloAddress> active) =>
        [.. _all.Where(q => SiloAddress.Equals(Rendezvous.OwnerOf(LogStreams.PartitionOf(q), active)))];
}
