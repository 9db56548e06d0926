using AccountGrid.LoadTest.Faults;

namespace AccountGrid.LoadTest.Failover;

/// <summary>What can happen to a database under Patroni, each with the time that Patroni took and the time that the grid took beyond it.</summary>
internal sealed class FailoverCases(PatroniCluster cluster)
{
    /// <summary>Longest time from a new primary until every gateway is answered again, before it counts as never.</summary>
    private static readonly TimeSpan ResumesWithin = TimeSpan.FromMinutes(2);

    /// <summary>How long a fault lasts that changes no primary, seconds: longer than a leader's key lives.</summary>
    private const double LastsSeconds = PatroniSettings.LeaderSeconds + 10;

    /// <summary>Of the last case: from the fault until another node led, null where none had to, and from then until every gateway was answered.</summary>
    public (TimeSpan? Patroni, TimeSpan? Beyond) Took { get; private set; }

    public IReadOnlyList<FaultCase> All =>
    [
        new("primary-killed", (_, load, _) => LeaderAsync(load, leader => leader.KillAsync())),
        new("primary-frozen", (_, load, _) => FrozenAsync(load, leader => leader.Freeze())),
        new("switch-over", (_, load, _) => LeaderAsync(load, async leader => await cluster.SwitchOverAsync(leader, await StandbyAsync("sync_standby")))),
        new("replication-cut", (_, load, _) => ForAWhileAsync(load, async () => (await cluster.LeaderAsync()).Link.Cut(_ => true), LastsSeconds)),
        new("standby-lost", (_, load, _) => ForAWhileAsync(load, async () => await (await StandbyAsync("sync_standby")).KillAsync(), LastsSeconds)),
        new("etcd-lost", (_, load, _) => ForAWhileAsync(load, cluster.KillEtcdAsync, LastsSeconds)),
        new("old-primary", (_, load, _) => FrozenAsync(load, leader =>
        {
            // Its standbys hear no more of it, and its Patroni cannot tell it that another leads; the silos still reach it.
            leader.Link.Cut(_ => true);
            return leader.FreezePatroni();
        })),
    ];

    private async Task FrozenAsync(FaultLoad load, Func<PatroniNode, StoppedTree> freeze)
    {
        StoppedTree? stopped = null;
        try
        {
            await LeaderAsync(load, leader =>
            {
                stopped = freeze(leader);
                return Task.CompletedTask;
            });
        }
        finally
        {
            stopped?.Dispose();
        }
    }

    private async Task LeaderAsync(FaultLoad load, Func<PatroniNode, Task> strike)
    {
        var leader = await cluster.LeaderAsync();
        load.BeginStall();
        var began = TimeProvider.System.GetTimestamp();
        await strike(leader);
        await cluster.NewLeaderAsync(leader);
        var leads = TimeProvider.System.GetTimestamp();
        Took = (TimeProvider.System.GetElapsedTime(began, leads), await load.RecoveryAsync(leads, ResumesWithin));
    }

    private async Task ForAWhileAsync(FaultLoad load, Func<Task> strike, double seconds)
    {
        Took = (null, null);
        load.BeginStall();
        await strike();
        await FaultCases.WaitAsync(seconds);
    }

    private async Task<PatroniNode> StandbyAsync(string role) => cluster.Other(m => m.Role == role, await cluster.MembersAsync());
}
