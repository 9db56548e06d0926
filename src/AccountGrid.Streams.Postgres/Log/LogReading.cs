using Npgsql;

namespace AccountGrid.Streams.Postgres;

/// <summary>The statements that read the log and keep its readers' positions.</summary>
internal static class LogReading
{
    /// <summary>Rows read by one statement; a row is a group commit's share of a partition.</summary>
    private const int RowsMax = 512;

    /// <summary>Rows looked at, and taken away at most, by one statement of a trim.</summary>
    private const int TrimmedAtOnce = 500;

    private const string ReadSql = $"""
        select first_position, record_count, payload, {ServerTimeline.Sql} from log_batch
        where partition = $1 and first_position >= coalesce(
            (select max(first_position) from log_batch where partition = $1 and first_position <= $2), $2)
        order by first_position limit $3
        """;

    public static async Task<LogBatch?> ReadAsync(NpgsqlDataSource database, int partition, long from, int bytesMax, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(ReadSql);
        command.Parameters.Add(new() { Value = partition });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = RowsMax });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var entries = new List<LogEntry>();
        long bytes = 0;
        var timeline = 0;
        while ((entries.Count == 0 || bytes < bytesMax) && await reader.ReadAsync(cancel))
        {
            var row = (byte[])reader[2];
            var before = entries.Count;
            LogFraming.Read(row, reader.GetInt64(0), reader.GetInt32(1), entries);
            entries.RemoveRange(before,
                entries.FindIndex(before, e => e.FirstPosition + e.Count > from) is var keep && keep < 0 ? entries.Count - before : keep - before);
            bytes += row.Length;
            timeline = reader.GetInt32(3);
        }

        return Batch(partition, entries, timeline);
    }

    public static LogBatch? Batch(int partition, List<LogEntry> entries, int timeline)
    {
        if (entries.Count == 0)
        {
            return null;
        }

        var first = entries[0].FirstPosition;
        var last = entries[^1];
        return new LogBatch(partition, first, (int)(last.FirstPosition + last.Count - first), entries, timeline);
    }

    public static async Task<long> HeadAsync(NpgsqlDataSource database, int partition, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select next_position from log_head where partition = $1");
        command.Parameters.Add(new() { Value = partition });
        return (long)(await command.ExecuteScalarAsync(cancel) ?? throw new InvalidOperationException($"Partition {partition} has no head."));
    }

    public static async Task ReportConsumedAsync(NpgsqlDataSource database, int[] partitions, long[] positions, CancellationToken cancel)
    {
        await using var command =
            database.CreateCommand(
                "update log_reader r set consumed_position = u.position from unnest($1, $2) as u(partition, position) where r.partition = u.partition and "
                    + "r.consumed_position < u.position");
        command.Parameters.Add(new() { Value = partitions });
        command.Parameters.Add(new() { Value = positions });
        await command.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<int> TrimAsync(NpgsqlDataSource database, int partition, long before, DateTimeOffset olderThan, CancellationToken cancel)
    {
        // From the oldest on, and no further than the first that must stay: what is kept for a week is not read through every two minutes.
        const string Sql = """
            with oldest as materialized (
                select first_position, record_count, created_at from log_batch where partition = $1 order by first_position limit $4),
            judged as (
                select first_position, bool_and(first_position + record_count <= $2 and created_at < $3) over (order by first_position) as is_over from oldest),
            gone as (
                delete from log_batch b using judged o where o.is_over and b.partition = $1 and b.first_position = o.first_position
                returning b.first_position + b.record_count as end_position),
            marked as (
                update log_reader set trimmed_position = greatest(trimmed_position, (select max(end_position) from gone))
                where partition = $1 and exists (select from gone))
            select count(*)::int from gone
            """;
        var trimmed = 0;
        while (true)
        {
            await using var command = database.CreateCommand(Sql);
            command.Parameters.Add(new() { Value = partition });
            command.Parameters.Add(new() { Value = before });
            command.Parameters.Add(new() { Value = olderThan.UtcDateTime });
            command.Parameters.Add(new() { Value = TrimmedAtOnce });
            var gone = (int)(await command.ExecuteScalarAsync(cancel))!;
            trimmed += gone;
            if (gone < TrimmedAtOnce)
            {
                return trimmed;
            }
        }
    }
}
