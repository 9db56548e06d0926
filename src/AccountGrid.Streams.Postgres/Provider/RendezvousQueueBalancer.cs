using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace AccountGrid.Streams.Postgres;

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
