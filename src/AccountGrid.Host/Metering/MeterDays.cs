using System.Data;
using AccountGrid.Contracts;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Metering;

/// <summary>
/// Days of meters as of one moment: rows of the database, replaced by what partitions hold in memory. The two belong together only if both are of the same
/// state flush of each partition that was asked; else they are read again.
/// </summary>
internal sealed class MeterDays(NpgsqlDataSource database, IGrainFactory grains, TimeProvider time)
{
    private const string Columns = """
        select day, account, tariff, before_ms, before_wh, before_quality, point_count, points, rate_wh, energy_nano, held_wh, entry_position, from_position,
          to_position, prices_through, assignment, meter, register from meter_day
        """;

    /// <summary>Times that days are read before the caller is told to ask again: a partition's state flushes are minutes apart.</summary>
    private const int TriesMax = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// All days of a meter from one to another, both included, by day and assignment: of each account that it was on, in whatever partition.
    /// </summary>
    public async Task<IReadOnlyList<DayView>> OfMeterAsync(int meter, int partition, int fromDay, int toDay)
    {
        const string Sql = $"{Columns} where partition = any($1) and meter = $2 and day between $3 and $4";
        return await ReadAsync(async () =>
        {
            var recent = await RecentAsync(meter, partition, fromDay, toDay);
            return await JoinAsync(Sql, [recent.Keys.ToArray(), meter, DateOnly.FromDayNumber(fromDay), DateOnly.FromDayNumber(toDay)], recent);
        });
    }

    /// <summary>An account with all days of all meters that it has or had. Null if the partition does not know the account.</summary>
    public async Task<(AccountView Account, IReadOnlyList<DayView> Days)?> OfAccountAsync(int account, int partition)
    {
        AccountView? view = null;
        var days = await ReadAsync(async () =>
        {
            if (await grains.Partition(partition).Explain(account) is not { } known)
            {
                return [];
            }

            view = known.Account;
            return await JoinAsync($"{Columns} where partition = $1 and account = $2", [partition, account], new() { [partition] = known.Recent });
        });
        return view is null ? null : (view, days);
    }

    /// <summary>Days of an account from one to another, both included. Null if the partition does not know the account.</summary>
    public async Task<IReadOnlyList<DayView>?> OfAccountAsync(int account, int partition, int fromDay, int toDay)
    {
        var isKnown = false;
        var days = await ReadAsync(async () =>
        {
            if (await grains.Partition(partition).Explain(account) is not { } known)
            {
                return [];
            }

            isKnown = true;
            return await JoinAsync(
                $"{Columns} where partition = $1 and account = $2 and day between $3 and $4",
                [partition, account, DateOnly.FromDayNumber(fromDay), DateOnly.FromDayNumber(toDay)],
                new() { [partition] = known.Recent with { Days = [.. known.Recent.Days.Where(d => d.Day >= fromDay && d.Day <= toDay)] } });
        });
        return isKnown ? days : null;
    }

    /// <summary>Closed days of an account's imported energy as last written, by day: what figures over months need, and no answer about today.</summary>
    /// <returns>Null where there are more rows than <paramref name="most"/>.</returns>
    public async Task<List<DayRow>?> ClosedAsync(int account, int partition, int fromDay, int toDay, int most)
    {
        await using var command = database.CreateCommand(
            $"{Columns} where partition = $1 and account = $2 and day between $3 and $4 and register < 5 "
                + "order by day, meter, assignment, register limit $5");
        Statements.Add(command, partition, account, DateOnly.FromDayNumber(fromDay), DateOnly.FromDayNumber(toDay), most + 1);
        await using var reader = await command.ExecuteReaderAsync();
        var days = new List<DayRow>();
        while (await reader.ReadAsync())
        {
            days.Add(PartitionStore.ReadDay(reader, reader.GetInt32(16), reader.GetInt32(15), reader.GetInt16(17)));
        }

        return days.Count <= most ? days : null;
    }

    /// <summary>Asks each partition that the meter was ever in: each names those it came from and went to.</summary>
    private async Task<Dictionary<int, RecentDays>> RecentAsync(int meter, int partition, int fromDay, int toDay)
    {
        var recent = new Dictionary<int, RecentDays>();
        var toAsk = new Queue<int>([partition]);
        while (toAsk.TryDequeue(out var next))
        {
            if (!recent.ContainsKey(next))
            {
                recent[next] = await grains.Partition(next).RecentDays(meter, fromDay, toDay);
                recent[next].Elsewhere.ToList().ForEach(toAsk.Enqueue);
            }
        }

        return recent;
    }

    private async Task<IReadOnlyList<DayView>> ReadAsync(Func<Task<IReadOnlyList<DayView>?>> read)
    {
        for (var i = 0; i < TriesMax; i++)
        {
            if (await read() is { } days)
            {
                return days;
            }

            await Task.Delay(Pause, time);
        }

        throw new PartitionMovingException("The days are being written right now; ask again.");
    }

    /// <summary>Stored rows, replaced by recent days. Null if a partition's rows are of another flush than its recent days.</summary>
    private async Task<IReadOnlyList<DayView>?> JoinAsync(string sql, object[] values, Dictionary<int, RecentDays> recent)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        foreach (var (partition, position) in await StatePositionsAsync(connection, transaction, [.. recent.Keys]))
        {
            if (recent[partition].StatePosition != position)
            {
                return null;
            }
        }

        var days = new SortedDictionary<(int Day, int Meter, int Assignment, int Register), DayView>();
        foreach (var day in await StoredAsync(connection, transaction, sql, values))
        {
            days[(day.Day, day.Meter, day.Assignment, day.Register)] = day;
        }

        foreach (var day in recent.Values.SelectMany(r => r.Days))
        {
            days[(day.Day, day.Meter, day.Assignment, day.Register)] = day;
        }

        return [.. days.Values];
    }

    private static async Task<List<(int Partition, long Position)>> StatePositionsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction,
        int[] partitions)
    {
        await using var command = new NpgsqlCommand("select partition, state_position from partition where partition = any($1)", connection, transaction);
        Statements.Add(command, [partitions]);
        await using var reader = await command.ExecuteReaderAsync();
        var positions = new List<(int, long)>();
        while (await reader.ReadAsync())
        {
            positions.Add((reader.GetInt32(0), reader.GetInt64(1)));
        }

        return positions;
    }

    private static async Task<List<DayView>> StoredAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        Statements.Add(command, values);
        await using var reader = await command.ExecuteReaderAsync();
        var days = new List<DayView>();
        while (await reader.ReadAsync())
        {
            days.Add(PartitionViews.Of(PartitionStore.ReadDay(reader, reader.GetInt32(16), reader.GetInt32(15), reader.GetInt16(17)), closed: true));
        }

        return days;
    }
}
