using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using AccountGrid.Host.Measures;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Operations;

/// <summary>
/// Writes what this process counted where every process can read it: one row of its own, and when gateways last pushed. What cannot be written is written with
/// the next round, or is lost with the process: nothing but people's overview depends on it.
/// </summary>
internal sealed partial class ProcessReporter(
    NpgsqlDataSource database, GridMeasures measures, FaultLog faults, ILocalSiloDetails silo, TimeProvider time, ILogger<ProcessReporter> logger)
    : PeriodicService(Period, time)
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>A process that has said nothing for so long has gone, and is no longer shown.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>A gateway's time is written again after so long: its silence is looked at in hours, and a grid may have a million gateways.</summary>
    private static readonly TimeSpan WrittenAgain = TimeSpan.FromMinutes(10);

    /// <summary>How often the size of the database is asked for, which looks at each of its files.</summary>
    private static readonly TimeSpan SizedAgain = TimeSpan.FromMinutes(5);

    /// <summary>When a gateway's time was last written by this process.</summary>
    private readonly Dictionary<int, DateTimeOffset> _written = [];

    private long _databaseBytes;
    private DateTimeOffset _sizedAt;

    /// <summary>Gateways that were taken from the measures and are not written yet.</summary>
    private readonly Dictionary<int, DateTimeOffset> _pushed = [];

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        if (now - _sizedAt >= SizedAgain)
        {
            await using var size = database.CreateCommand("select pg_database_size(current_database())");
            _databaseBytes = (long)(await size.ExecuteScalarAsync(cancel))!;
            _sizedAt = now;
        }

        var body = new ProcessBody(
            BuildInfo.Version, measures.StartedAt, measures.Readings.Read().Count, measures.Acknowledgements.Read(), measures.Freshness.Read(), faults.Faults,
            _databaseBytes);
        await using (var command = database.CreateCommand(
            """
            with gone as (delete from process_measure where at < $4)
            insert into process_measure (process, at, body) values ($1, $2, $3) on conflict (process) do update set at = excluded.at, body = excluded.body
            """))
        {
            Statements.Add(command, silo.SiloAddress.ToParsableString(), now.UtcDateTime);
            command.Parameters.Add(new() { Value = body.Write(), NpgsqlDbType = NpgsqlDbType.Jsonb });
            Statements.Add(command, (now - Kept).UtcDateTime);
            await command.ExecuteNonQueryAsync(cancel);
        }

        await WritePushedAsync(cancel);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, PassingFaults.Text(cause));

    /// <summary>In the order of their numbers, so that two processes never wait for each other.</summary>
    private async Task WritePushedAsync(CancellationToken cancel)
    {
        foreach (var (gateway, at) in measures.TakePushed())
        {
            if (at - _written.GetValueOrDefault(gateway) >= WrittenAgain)
            {
                _pushed[gateway] = at;
            }
        }

        if (_pushed.Count == 0)
        {
            return;
        }

        await using var command = database.CreateCommand(
            """
            insert into gateway_seen as s (gateway, at) select u.gateway, u.at from unnest($1::int[], $2::timestamptz[]) u(gateway, at)
              join gateway g on g.number = u.gateway order by u.gateway
            on conflict (gateway) do update set at = excluded.at where s.at < excluded.at
            """);
        Statements.Add(command, _pushed.Keys.ToArray(), _pushed.Values.Select(a => a.UtcDateTime).ToArray());
        await command.ExecuteNonQueryAsync(cancel);
        foreach (var (gateway, at) in _pushed)
        {
            _written[gateway] = at;
        }

        _pushed.Clear();
    }

    [LoggerMessage(7030, LogLevel.Warning, "What this process measured could not be written: {Cause}")]
    private static partial void Failed(ILogger logger, string cause);
}
