using AccountGrid.Host.Database;
using AccountGrid.Host.Measures;
using AccountGrid.Host.Telemetry;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Operations;

/// <summary>Reads how the grid works: a row for each process and partition, and heads of indexes. Nothing here grows with the accounts.</summary>
internal sealed class GridReader(NpgsqlDataSource database, LogServers servers, GridSampler sampler, TimeProvider time)
{
    /// <summary>The window of <see cref="LatencyWindow"/>, less what of its last part has not passed.</summary>
    private const double WindowSeconds = 57.5;

    private static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(1);

    public async Task<GridAnswer> ReadAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var processes = await ProcessesAsync(cancel);
        var speaking = processes.Where(p => !IsSilent(p.At, now)).Select(p => p.Body).ToList();
        var partitions = await PartitionsAsync(cancel);
        var acknowledged = LatencyCounts.Sum(speaking.Select(s => s.Acknowledgements));
        var (usable, taken) = await ConnectionBudget.UseAsync(database, cancel);
        var queues = sampler.Last ?? await sampler.LookAsync(cancel);
        var outbox = new OutboxAnswer(
            queues.OutboxWaiting, GridSampler.CountMax, queues.OutboxWaiting == 0 ? null : now.AddSeconds(-queues.OutboxAgeSeconds));
        return new(
            now, Rate(speaking.Sum(s => s.Readings)), LatencyAnswer.Of(acknowledged), LatencyAnswer.Of(LatencyCounts.Sum(speaking.Select(s => s.Freshness))),
            partitions.Sum(p => p.Lag), queues.QuarantinedRecords, outbox,
            new(processes.MaxBy(p => p.At).Body?.DatabaseBytes ?? 0, taken, usable, servers.Count),
            [
                .. processes.Select(p => new ProcessAnswer(
                    p.Process, p.Body.Version, p.Body.StartedAt, p.At, IsSilent(p.At, now), IsSilent(p.At, now) ? 0 : Rate(p.Body.Readings),
                    LatencyAnswer.Of(p.Body.Acknowledgements), LatencyAnswer.Of(p.Body.Freshness), p.Body.Faults)),
            ],
            partitions);
    }

    /// <summary>Gateways that last pushed in a period, the latest first.</summary>
    public async Task<List<(GatewaySeenAnswer Gateway, int Number)>> SilentAsync(
        DateTimeOffset from, DateTimeOffset to, (DateTimeOffset At, int Number)? after, int take)
    {
        await using var command = database.CreateCommand(
            """
            select g.id, s.at, s.gateway from gateway_seen s join gateway g on g.number = s.gateway
            where s.at >= $1 and s.at < $2 and (s.at, s.gateway) < ($3, $4) order by s.at desc, s.gateway desc limit $5
            """);
        Statements.Add(command, from.UtcDateTime, to.UtcDateTime, (after?.At ?? to).UtcDateTime, after?.Number ?? 0, take);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(GatewaySeenAnswer, int)>();
        while (await reader.ReadAsync())
        {
            rows.Add((new(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)), reader.GetInt32(2)));
        }

        return rows;
    }

    private static bool IsSilent(DateTimeOffset at, DateTimeOffset now) => now - at > SilentAfter;

    private static double Rate(long readings) => Math.Round(readings / WindowSeconds, 2);

    private async Task<List<(string Process, DateTimeOffset At, ProcessBody Body)>> ProcessesAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select process, at, body::text from process_measure order by process");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<(string, DateTimeOffset, ProcessBody)>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add((
                reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), ProcessBody.Read(reader.GetString(2))));
        }

        return rows;
    }

    /// <summary>Positions first and heads after them, so that a lag is never below zero.</summary>
    private async Task<List<PartitionAnswer>> PartitionsAsync(CancellationToken cancel)
    {
        var rows = new List<(int Partition, string? Owner, long Epoch, long Effects, long States)>();
        await using (var command = database.CreateCommand(
            "select partition, epoch, owner, effects_position, state_position from partition order by partition"))
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                rows.Add((reader.GetInt32(0), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetInt64(1), reader.GetInt64(3), reader.GetInt64(4)));
            }
        }

        var heads = new Dictionary<int, long>();
        for (var server = 0; server < servers.Count; server++)
        {
            await using var command = servers[server].CreateCommand("select partition, next_position from log_head");
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                // Every server has a row for each partition; the log of one is where the map says.
                if (servers.IndexOf(reader.GetInt32(0)) == server)
                {
                    heads[reader.GetInt32(0)] = reader.GetInt64(1);
                }
            }
        }

        PartitionAnswer AnswerOf((int Partition, string? Owner, long Epoch, long Effects, long States) r, long head) =>
            new(r.Partition, r.Owner, r.Epoch, head, head - r.Effects, head - r.States, servers.IndexOf(r.Partition));

        return rows.ConvertAll(r => AnswerOf(r, heads.GetValueOrDefault(r.Partition, r.Effects)));
    }
}
