using System.Collections.Concurrent;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Telemetry;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Supply;

/// <summary>
/// Hands relay commands to gateways. A planned cut leaves only through here: the operators' switch, the breaker and then, as the last step, the interlock
/// once more in the account's own log. What restores supply is never held.
/// </summary>
internal sealed partial class RelayDispatch(NpgsqlDataSource database, IGrainFactory grains, PostgresLog log, PolicyCatalog policies, TimeProvider time,
    ILogger<RelayDispatch> logger)
{
    /// <summary>Commands handed out at once.</summary>
    private const int CommandsMax = 200;

    /// <summary>Planned cuts that one call lets go: each is a decision in its account's log.</summary>
    private const int ReleasesMax = 20;

    /// <summary>Records that the fold may be behind the log anywhere before no cut leaves: about a second of a million meters by the minute.</summary>
    private const long LagMax = 20_000;

    /// <summary>
    /// How often, and how far apart, a release that is decided is looked for in the table: about a second, the longest a flush of effects takes.
    /// </summary>
    private const int FlushLooks = 20;
    private static readonly TimeSpan FlushLook = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan BoardPeriod = TimeSpan.FromMilliseconds(150);

    /// <summary>How soon a command that nobody has confirmed is handed out again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(int Gateway, string Meter, int Sequence, bool TurnsOn), DateTimeOffset> _handed = new();
    private readonly Dictionary<int, List<TaskCompletionSource>> _waiting = [];
    private readonly Lock _gate = new();
    private bool _boardRuns;

    /// <summary>
    /// Commands for a gateway's meters, restores first and before any cut is looked at; waits for the first of them for as long as the caller does.
    /// </summary>
    public async Task<List<RelayCommand>> TakeAsync(int gateway, TimeSpan patience, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var commands = await ReadAsync(gateway, cancel);
            if (commands.Count == 0)
            {
                var released = await ReleasePlannedAsync(gateway, cancel);
                for (var i = 0; i < FlushLooks && released > 0 && commands.Count == 0; i++)
                {
                    // What was just released is in the log; the row follows with the next flush of effects.
                    await Task.Delay(FlushLook, time, cancel);
                    commands = await ReadAsync(gateway, cancel);
                }
            }

            var left = patience - time.GetElapsedTime(began);
            if (commands.Count > 0 || left <= TimeSpan.Zero)
            {
                Remember(gateway, commands);
                return commands;
            }

            await WaitAsync(gateway, left, cancel);
        }
    }

    /// <summary>A command that was handed out is not again for a while: its confirmation is on its way, or the gateway asks again later.</summary>
    private void Remember(int gateway, List<RelayCommand> commands)
    {
        var now = time.GetUtcNow();
        foreach (var command in commands)
        {
            _handed[(gateway, command.Meter, command.Sequence, command.Action == "on")] = now;
        }

        foreach (var (key, at) in _handed)
        {
            if (now - at > Again)
            {
                _handed.TryRemove(key, out _);
            }
        }
    }

    /// <summary>What a gateway may carry out now. One command per meter: the latest of its account.</summary>
    private async Task<List<RelayCommand>> ReadAsync(int gateway, CancellationToken cancel)
    {
        const string Sql = """
            select * from (
            select m.id, r.sequence, r.turns_on, r.expires_ms, r.created_ms from relay_command r cross join unnest(r.meters) as u(number) join meter m
              on m.number = u.number
            where r.state = 'released' and m.gateway = $1 and (r.turns_on or (r.expires_ms > $2 and not (select cuts_stopped from operation)))
                and not exists (select from relay_command n where n.partition = r.partition and n.account = r.account and n.sequence > r.sequence
                  and n.state <> 'withdrawn')
            union all
            select m.id, 0, t.turns_on, t.asked_ms + $4, t.asked_ms from relay_test t join meter m on m.number = t.meter
            where t.confirmed_ms is null and m.gateway = $1 and m.account = 0 and t.asked_ms + $4 > $2) c
            order by turns_on desc, created_ms desc limit $3
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, gateway, time.GetUtcNow().ToUnixTimeMilliseconds(), CommandsMax, (long)RelayTests.Life.TotalMilliseconds);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var commands = new List<RelayCommand>();
        while (await reader.ReadAsync(cancel))
        {
            var expires = reader.GetInt64(3);
            if (_handed.TryGetValue((gateway, reader.GetString(0), reader.GetInt32(1), reader.GetBoolean(2)), out var at) && time.GetUtcNow() - at < Again)
            {
                continue;
            }

            commands.Add(
                new RelayCommand(reader.GetString(0), reader.GetInt32(1), reader.GetBoolean(2) ? "on" : "off",
                    reader.GetBoolean(2) || expires == long.MaxValue ? null : Instants.ToInstant(expires)));
        }

        return commands;
    }

    private async Task<int> ReleasePlannedAsync(int gateway, CancellationToken cancel)
    {
        const string Sql = """
            select distinct r.account, r.sequence, r.partition, r.created_ms
            from relay_command r cross join unnest(r.meters) as u(number) join meter m on m.number = u.number
            where r.state = 'planned' and m.gateway = $1 and (r.held_reason is null or r.held_released_by is not null)
              and not (select cuts_stopped from operation)
            order by r.created_ms limit $2
            """;
        var planned = new List<(int Account, int Sequence, int Partition)>();
        await using (var command = database.CreateCommand(Sql))
        {
            Statements.Add(command, gateway, ReleasesMax);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                planned.Add((reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2)));
            }
        }

        var released = 0;
        foreach (var (account, sequence, partition) in planned)
        {
            try
            {
                released += await ReleaseAsync(account, sequence, partition, cancel) ? 1 : 0;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                // One cut that cannot be decided keeps nobody's restore waiting.
                ReleaseFailed(logger, account, sequence, e);
            }
        }

        return released;
    }

    /// <summary>Releases one planned cut if nothing prevents it. The fold decides, after it has folded everything before it in the log.</summary>
    private async Task<bool> ReleaseAsync(int account, int sequence, int partition, CancellationToken cancel)
    {
        if (await grains.Partition(partition).Workflow(account) is not { } workflow)
        {
            return false;
        }

        if (await HoldReasonAsync(partition, account, sequence, workflow, cancel) is { } reason)
        {
            if (reason.Length == 0)
            {
                return false;
            }

            await using var hold = database.CreateCommand(
                "update relay_command set held_reason = $4 where partition = $1 and account = $2 and sequence = $3 and state = 'planned'");
            Statements.Add(hold, partition, account, sequence, reason);
            await hold.ExecuteNonQueryAsync(cancel);
            GridMetrics.Cut("held");
            return false;
        }

        var record = LogRecords.Encode(time.GetUtcNow().ToUnixTimeMilliseconds(), new ReleaseCut(account, sequence));
        var key = new LogKey($"release:{account}:{sequence}", BitConverter.GetBytes(sequence));
        var outcome = await Commands.AppendAndWait(grains, log, new LogAppend(partition, 1, record, key));
        GridMetrics.Cut(outcome.Accepted ? "released" : "refused", outcome.Code);
        if (!outcome.Accepted)
        {
            await using var undo = database.CreateCommand("delete from cut_release where account = $1 and sequence = $2");
            Statements.Add(undo, account, sequence);
            await undo.ExecuteNonQueryAsync(cancel);
        }

        return outcome.Accepted;
    }

    /// <summary>
    /// Why a cut must wait for a person (the breaker); empty where it waits by itself (the switch, a grid that is catching up). Null counts it against the
    /// breaker and lets it go on.
    /// </summary>
    private async Task<string?> HoldReasonAsync(int partition, int account, int sequence, WorkflowView workflow, CancellationToken cancel)
    {
        // Before the line below is held: a log server that does not answer must not keep the switch from being thrown.
        if (await LogServerMap.LagAsync(log.Servers, cancel) > LagMax)
        {
            return "";
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);

        // Everybody who releases stands in this line, so that the breaker's count is exact over all silos.
        var stopped = await ScalarAsync<bool>(connection, "select cuts_stopped from operation for update");
        if (stopped)
        {
            return "";
        }

        var released = await ScalarAsync<string>(
            connection, "select coalesce(held_released_by, '') from relay_command where partition = $1 and account = $2 and sequence = $3", partition, account,
            sequence);
        var breaker = policies.All.First(p => p.Stamp == workflow.Policy).Definition.Breaker;
        var since = time.GetUtcNow().UtcDateTime.AddHours(-1);
        var area = await ScalarAsync<string>(connection, "select coalesce((select area from contact where partition = $1 and account = $2), '')", partition,
            account);
        var all = await ScalarAsync<int>(connection, "select count(*)::int from cut_release where released_at > $1", since);
        var inArea =
            await ScalarAsync<int>(connection, "select count(*)::int from cut_release where released_at > $1 and coalesce(area, '') = $2", since, area);
        var onTariff =
            await ScalarAsync<int>(connection, "select count(*)::int from cut_release where released_at > $1 and tariff = $2", since, workflow.Tariff);
        if (released.Length == 0)
        {
            if (all >= breaker.PerHour)
            {
                return $"Breaker: {all} cuts in the last hour; {breaker.PerHour} are the limit.";
            }

            if (area.Length > 0 && inArea >= breaker.PerAreaPerHour)
            {
                return $"Breaker: {inArea} cuts in area {area} in the last hour; {breaker.PerAreaPerHour} are the limit.";
            }

            if (onTariff >= breaker.PerTariffPerHour)
            {
                return $"Breaker: {onTariff} cuts on one tariff in the last hour; {breaker.PerTariffPerHour} are the limit.";
            }
        }

        await ScalarAsync<int>(
            connection,
            "insert into cut_release (account, sequence, area, tariff, released_at) values ($1, $2, nullif($3, ''), $4, $5) on conflict do nothing returning 1",
            account, sequence, area, workflow.Tariff, time.GetUtcNow().UtcDateTime);
        await transaction.CommitAsync(cancel);
        return null;
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Statements.Add(command, values);
        return await command.ExecuteScalarAsync() is T value ? value : default!;
    }

    private async Task WaitAsync(int gateway, TimeSpan patience, CancellationToken cancel)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            (_waiting.TryGetValue(gateway, out var others) ? others : _waiting[gateway] = []).Add(waiter);
            if (!_boardRuns)
            {
                _boardRuns = true;
                _ = Task.Run(BoardAsync, CancellationToken.None);
            }
        }

        try
        {
            await waiter.Task.WaitAsync(patience, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            lock (_gate)
            {
                if (_waiting.TryGetValue(gateway, out var others) && others.Remove(waiter) && others.Count == 0)
                {
                    _waiting.Remove(gateway);
                }
            }
        }

        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>While anybody waits, looks for gateways that have something new: one question for all of them. Ends when nobody does.</summary>
    private async Task BoardAsync()
    {
        while (true)
        {
            await Task.Delay(BoardPeriod, time);
            int[] gateways;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _boardRuns = false;
                    return;
                }

                gateways = [.. _waiting.Keys];
            }

            try
            {
                await WakeAsync(gateways);
            }
            catch (Exception e)
            {
                // Waiters ask for themselves when their patience ends; the next round tries again.
                BoardFailed(logger, e);
            }
        }
    }

    private async Task WakeAsync(int[] gateways)
    {
        const string Sql = """
            select distinct m.gateway from relay_command r cross join unnest(r.meters) as u(number) join meter m on m.number = u.number
            where ((r.state = 'released' and (r.turns_on or r.expires_ms > $2))
              or (r.state = 'planned' and (r.held_reason is null or r.held_released_by is not null) and not (select cuts_stopped from operation)))
                and m.gateway = any($1)
            union
            select m.gateway from relay_test t join meter m on m.number = t.meter
            where t.confirmed_ms is null and m.gateway = any($1) and m.account = 0 and t.asked_ms + $3 > $2
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, gateways, time.GetUtcNow().ToUnixTimeMilliseconds(), (long)RelayTests.Life.TotalMilliseconds);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lock (_gate)
            {
                if (_waiting.TryGetValue(reader.GetInt32(0), out var waiters))
                {
                    waiters.ForEach(w => w.TrySetResult());
                }
            }
        }
    }

    [LoggerMessage(6005, LogLevel.Warning, "Relay commands could not be looked for; trying again.")]
    private static partial void BoardFailed(ILogger logger, Exception cause);

    [LoggerMessage(6004, LogLevel.Warning, "Cut {Sequence} of account {Account} could not be decided.")]
    private static partial void ReleaseFailed(ILogger logger, int account, int sequence, Exception cause);
}
