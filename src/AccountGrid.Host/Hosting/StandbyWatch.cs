using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Hosting;

/// <summary>
/// Asks each database server every 15 seconds whether as many standbys are connected as the operator promised: a standby that is lost must not stay unseen
/// until the doctor's next round.
/// </summary>
internal sealed partial class StandbyWatch(LogServers servers, GridOptions options, TimeProvider time, ILogger<StandbyWatch> logger)
    : PeriodicService(TimeSpan.FromSeconds(15), time)
{
    /// <summary>As of the last round.</summary>
    public IReadOnlyList<DoctorFinding> Findings { get; private set; } = [];

    /// <summary>Synchronous standbys of the server that has fewest; null where none are named, or it was not asked yet.</summary>
    public int? Fewest { get; private set; }

    /// <summary>Asks all servers once.</summary>
    internal static async Task<(IReadOnlyList<DoctorFinding> Findings, int? Fewest)> AskAsync(LogServers servers, int promised, CancellationToken cancel)
    {
        var (findings, fewest) = (new List<DoctorFinding>(), (int?)null);
        for (var i = 0; i < servers.Count; i++)
        {
            await using var connection = await servers[i].OpenConnectionAsync(cancel);
            var replication = await ServerReplication.AskAsync(connection, cancel);
            var place = servers.Count == 1 ? "" : i == 0 ? "ConnectionStrings__AccountGrid: " : $"Log__Servers__{i - 1}: ";
            findings.AddRange(DoctorChecks.Standbys(replication, promised, place));
            fewest = replication.StandbyNames.Length == 0 && promised == 0 ? fewest : Math.Min(fewest ?? int.MaxValue, replication.Standbys);
        }

        return (findings, fewest);
    }

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        var before = Findings;
        (Findings, Fewest) = await AskAsync(servers, options.SynchronousStandbys, cancel);
        foreach (var finding in Findings.Except(before))
        {
            Found(logger, finding.Code, finding.Detail);
        }

        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, PassingFaults.Text(cause));

    [LoggerMessage(7012, LogLevel.Warning, "{Code}: {Detail}")]
    private static partial void Found(ILogger logger, string code, string detail);

    [LoggerMessage(7013, LogLevel.Warning, "The database servers could not be asked for their standbys: {Cause}")]
    private static partial void Failed(ILogger logger, string cause);
}
