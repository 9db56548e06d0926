using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Hosting;

/// <summary>
/// Asks each of several database servers, every two seconds and by connections of its own, which one is the primary. When that changes, connections of the
/// pools to the server before it are given up at once, where each would else have to fail by itself, and Npgsql looks for the primary anew.
/// </summary>
/// <param name="connectionStrings">The grid's database, and further servers of its log, in their order.</param>
internal sealed partial class PrimaryWatch(IReadOnlyList<string> connectionStrings, LogServers servers, TimeProvider time, ILogger<PrimaryWatch> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), time)
{
    /// <summary>A server that takes longer counts as away.</summary>
    private const int AnswersWithinSeconds = 2;

    /// <summary>What each was at the last round; null where no primary answered.</summary>
    private readonly (string Server, int Timeline)?[] _last = new (string, int)?[connectionStrings.Count];

    private readonly IReadOnlyList<string>[] _each = [.. connectionStrings.Select(c => SeveralServers.Each(c, AnswersWithinSeconds))];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < servers.Count; i++)
        {
            // The pools of Orleans' own connections are Npgsql's common ones.
            servers.TimelineOf(i)?.Changed += _ => NpgsqlConnection.ClearAllPools();
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        for (var i = 0; i < _each.Length; i++)
        {
            if (_each[i].Count > 1)
            {
                await LookAsync(i, cancel);
            }
        }

        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, PassingFaults.Text(cause));

    /// <summary>Of the servers that answered, the primary: the one on the latest timeline where an old one does not know yet that it was replaced.</summary>
    internal static (string Server, int Timeline)? PrimaryOf(IEnumerable<(string Server, int Timeline)> answers) =>
        answers.Where(a => a.Timeline > 0).Select(a => ((string, int)?)a).MaxBy(a => a!.Value.Item2);

    private async Task LookAsync(int server, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(_each[server].Select(c => AskAsync(c, cancel)));
        var (before, primary) = (_last[server], PrimaryOf(answers));
        _last[server] = primary;
        if (primary is not { } found || before == found)
        {
            return;
        }

        servers.TimelineOf(server)?.See(found.Timeline, found.Server);
        (servers[server] as NpgsqlMultiHostDataSource)?.ClearDatabaseStates();
        Found(logger, found.Server, found.Timeline);
    }

    /// <summary>The server's timeline; 0 of a standby, and of one that does not answer.</summary>
    private static async Task<(string Server, int Timeline)> AskAsync(string connectionString, CancellationToken cancel)
    {
        var server = SeveralServers.Text(new NpgsqlConnectionStringBuilder(connectionString));
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancel);
            await using var ask = new NpgsqlCommand("select " + ServerTimeline.Sql, connection);
            return (server, (int)(await ask.ExecuteScalarAsync(cancel))!);
        }
        catch (Exception e) when (PassingFaults.Is(e))
        {
            return (server, 0);
        }
    }

    [LoggerMessage(7014, LogLevel.Information, "The primary of the database is {Server}, on timeline {Timeline}.")]
    private static partial void Found(ILogger logger, string server, int timeline);

    [LoggerMessage(7015, LogLevel.Warning, "The database servers could not be asked which one is the primary: {Cause}")]
    private static partial void Failed(ILogger logger, string cause);
}
