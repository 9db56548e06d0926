using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Faults;
using AccountGrid.Host.Database;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>Everything a partition reads and writes, in bulk. Each flush is one transaction that fails whole if the partition was taken away.</summary>
internal sealed class PartitionStore(NpgsqlDataSource database, TariffCatalog tariffs, PolicyCatalog policies, TimeProvider time) : IPartitionStore
{
    /// <summary>Opening a partition is mostly waiting for half a dozen round trips to the database, so several for each processor.</summary>
    public SemaphoreSlim Opening { get; } = new(OpeningsMax, OpeningsMax);

    private static int OpeningsMax => Math.Max(8, 2 * Environment.ProcessorCount);

    public FoldCatalogs Catalogs { get; } = new(tariffs.Get, policies.At, tariffs.Complete, tariffs.Prices.After);

    /// <summary>Pause between the steps of a state flush: a few hundred kilobytes a time are written to disk in it.</summary>
    private static readonly TimeSpan StepSpacing = TimeSpan.FromMilliseconds(10);

    private const string TakeSql = $"""
        update partition set epoch = epoch + 1, owner = $2 where partition = $1
        returning epoch, effects_position, state_position, state_now_ms, prices_through, {ServerTimeline.Sql}
        """;

    private const string PositionsSql =
        $"select effects_position, state_position, {ServerTimeline.Sql} from partition where partition = $1 and epoch = $2 for update";

    public async Task<PartitionLease> TakeAsync(int partition, string owner)
    {
        var lease = await ConfirmedAsync(TakeSql, [partition, owner], r =>
            new PartitionLease(partition, r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt32(4), r.GetInt32(5)));
        return lease ?? throw new InvariantBrokenException($"Partition {partition} has no row; the grid was made with fewer.");
    }

    public async Task<(long Effects, long States, int Timeline)> PositionsAsync(PartitionLease lease) =>
        await ConfirmedAsync(PositionsSql, [lease.Partition, lease.Epoch], r => (r.GetInt64(0), r.GetInt64(1), r.GetInt32(2)))
        ?? throw new FencedException(lease.Partition, lease.Epoch);

    /// <summary>
    /// A statement of one row that writes or locks it, so that its commit waits for a standby as any other; null where there is no row. An epoch or a position
    /// that only this server knows could be given out a second time by the next one.
    /// </summary>
    private async Task<T?> ConfirmedAsync<T>(string sql, object[] values, Func<NpgsqlDataReader, T> read)
        where T : struct
    {
        await using var connection = await database.OpenConnectionAsync();
        var wait = new StandbyWait(connection);
        await using var command = new NpgsqlCommand(sql, connection);
        Statements.Add(command, values);
        T? row = null;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            row = await reader.ReadAsync() ? read(reader) : null;
        }

        wait.EnsureKept();
        return row;
    }

    /// <summary>States as the last state flush left them.</summary>
    public async Task<PartitionState> LoadAsync(PartitionLease lease, CancellationToken cancel)
    {
        await policies.LoadAllAsync(cancel);
        await tariffs.LoadAllAsync(cancel);
        var state = new PartitionState(lease.Partition, tariffs.Get) { Position = lease.StatePosition, NowMs = lease.StateNowMs };
        state.Prices.Through = lease.PricesThrough;
        await using (var command = database.CreateCommand("select page, states from account_page where partition = $1 order by page"))
        {
            Statements.Add(command, lease.Partition);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                state.Load(reader.GetInt32(0), (byte[])reader[1]);
            }
        }

        await using (var command = database.CreateCommand("select state from loose_meter_state where partition = $1"))
        {
            Statements.Add(command, lease.Partition);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                StateCodec.DecodeLoose((byte[])reader[0]).ForEach(state.Load);
            }
        }

        state.Pack();
        return state;
    }

    public async Task<Dictionary<long, int>> QuarantinedAsync(int partition)
    {
        await using var command = database.CreateCommand("select position, record_count from quarantined_record where partition = $1");
        Statements.Add(command, partition);
        await using var reader = await command.ExecuteReaderAsync();
        var quarantined = new Dictionary<long, int>();
        while (await reader.ReadAsync())
        {
            quarantined[reader.GetInt64(0)] = reader.GetInt32(1);
        }

        return quarantined;
    }

    public async Task<bool> HasOpenQuarantineAsync(int partition)
    {
        await using var command = database.CreateCommand("select exists (select from quarantined_record where partition = $1 and resolved_at is null)");
        Statements.Add(command, partition);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Marks records to be passed over, if the partition is still held.</summary>
    public async Task QuarantineAsync(PartitionLease lease, long position, int count, string cause, bool isDivided)
    {
        const string Sql = """
            insert into quarantined_record (partition, position, record_count, cause, resolved_at, resolved_by, resolution)
            select $1, $2, $3, $4, case when $6 then now() end, case when $6 then 'grid' end, case when $6
              then 'divided: each account has a check of its own' end where exists (select from partition where partition = $1 and epoch = $5)
                on conflict do nothing
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, lease.Partition, position, count, cause.Replace("\0", "", StringComparison.Ordinal), lease.Epoch, isDivided);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Closed days of all registers of a meter from a day on (and the nearest earlier one with a point of the register that asks), as the last state flush left
    /// them.
    /// </summary>
    public async Task<List<DayRow>> LoadDaysAsync(int partition, DaysNeeded needed)
    {
        const string Sql = """
            select day, account, tariff, before_ms, before_wh, before_quality, point_count, points, rate_wh, energy_nano, held_wh, entry_position,
              from_position, to_position, prices_through, register
            from meter_day where partition = $6 and meter = $1 and assignment = $2 and day >= coalesce(
                case when $4 then (select max(day) from meter_day where partition = $6 and meter = $1 and assignment = $2 and register = $7
                  and day < $3 and point_count > 0) end, $3)
                and day <= $5
            order by day
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(
            command, needed.Meter.Number, needed.Meter.Assignment, DateOnly.FromDayNumber(needed.FromDay), needed.AndPrevious,
            DateOnly.FromDayNumber(needed.ThroughDay ?? DateOnly.MaxValue.DayNumber), partition, (short)needed.Meter.Register);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<DayRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(ReadDay(reader, needed.Meter.Number, needed.Meter.Assignment, reader.GetInt16(15)));
        }

        return rows;
    }

    public static DayRow ReadDay(NpgsqlDataReader r, int meter, int assignment, short register)
    {
        var before = new Point(r.GetInt64(3), r.GetInt64(4), (ReadingQuality)r.GetInt32(5));
        return new DayRow(
            new DayKey(meter, assignment, r.GetFieldValue<DateOnly>(0).DayNumber, (RegisterKind)register),
            r.GetInt32(1),
            r.GetInt32(2),
            before,
            PackedPoints.FromBytes((byte[])r[7], r.GetInt32(6), before),
            (long[])r[8],
            new Money(r.GetInt64(9)),
            r.GetInt64(10),
            r.GetInt64(11),
            r.GetInt64(12),
            r.GetInt64(13),
            r.GetInt32(14));
    }

    public async Task<CommandOutcome?> OutcomeAsync(int partition, long position)
    {
        await using var command =
            database.CreateCommand(
                "select code, detail, balance_nano, amount_nano, debt_nano, fees_nano from command_outcome where partition = $1 and position = $2");
        Statements.Add(command, partition, position);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return null;
        }

        var refusal = await reader.IsDBNullAsync(0) ? null : new Refusal(RefusalCatalogue.Find(reader.GetString(0)), reader.GetString(1));
        return new CommandOutcome(position, refusal, new Money(reader.GetInt64(2)), new Money(reader.GetInt64(3)), new Money(reader.GetInt64(4)),
            new Money(reader.GetInt64(5)));
    }

    /// <summary>Writes states and closed days at one position, behind which the log is no longer needed to recover them.</summary>
    public async Task FlushStatesAsync(PartitionLease lease, long from, long to, StateSnapshot snapshot)
    {
        await using var connection = await database.OpenConnectionAsync();
        var wait = new StandbyWait(connection);
        await using var transaction = await connection.BeginTransactionAsync();
        var isFirst = true;
        foreach (var step in snapshot.Steps(lease.Partition).Skip(Sabotage.LoseAPage ? 1 : 0))
        {
            if (!isFirst)
            {
                await Task.Delay(StepSpacing, time);
            }

            isFirst = false;
            await using var batch = new NpgsqlBatch(connection, transaction);
            Array.ForEach(step, batch.BatchCommands.Add);
            await batch.ExecuteNonQueryAsync();
        }

        // The row last: effects of all partitions of the process wait for its lock, and pages take a while. Nothing is kept if another has the partition.
        var stands = Sabotage.StatesAhead ? to + 1 : to;
        await FenceAsync(connection, transaction,
            Sabotage.NoFence
                ? "update partition set state_position = $4, state_now_ms = $5, prices_through = $6 where partition = $1 and $2 > 0 and $3 >= 0"
                : "update partition set state_position = $4, state_now_ms = $5, prices_through = $6 where partition = $1 and epoch = $2 "
                    + "and state_position = $3 "
                    + "and effects_position >= $4", lease, from, stands, snapshot.NowMs, snapshot.PricesThrough);
        Failpoint.Reach(Failpoint.StatesBeforeCommit);
        await transaction.CommitAsync();
        wait.EnsureKept();
    }

    private static async Task FenceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, PartitionLease lease, long from, long to,
        params object[] more)
    {
        await using var fence = new NpgsqlCommand(sql, connection, transaction);
        Statements.Add(fence, [lease.Partition, lease.Epoch, from, to, .. more]);
        if (await fence.ExecuteNonQueryAsync() != 1)
        {
            throw new FencedException(lease.Partition, lease.Epoch);
        }
    }
}
