using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Partitions;

/// <summary>Another activation has the partition now: drop everything.</summary>
public sealed class FencedException(int partition, long epoch) : Exception($"Partition {partition} was taken from epoch {epoch}; nothing was written.");

/// <summary>What taking a partition gives: an epoch to write with, and where its two flushes stand.</summary>
public readonly record struct PartitionLease(int Partition, long Epoch, long EffectsPosition, long StatePosition, long StateNowMs);

/// <summary>Everything a partition reads and writes, in bulk. Each flush is one transaction that fails whole if the partition was taken away.</summary>
public sealed class PartitionStore(NpgsqlDataSource database, TariffCatalog tariffs)
{
    private const string TakeSql = """
        update partition set epoch = epoch + 1, owner = $2 where partition = $1
        returning epoch, effects_position, state_position, state_now_ms
        """;

    public async Task<PartitionLease> TakeAsync(int partition, string owner)
    {
        await using var command = database.CreateCommand(TakeSql);
        Add(command, partition, owner);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new PartitionLease(partition, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3))
            : throw new InvariantBrokenException($"Partition {partition} has no row; the grid was made with fewer.");
    }

    /// <summary>States as the last state flush left them.</summary>
    public async Task<PartitionState> LoadAsync(PartitionLease lease)
    {
        await tariffs.LoadAllAsync();
        var state = new PartitionState(lease.Partition) { Position = lease.StatePosition, NowMs = lease.StateNowMs };
        await using (var command = database.CreateCommand("select state from account_state where partition = $1"))
        {
            Add(command, lease.Partition);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                state.Load(StateCodec.DecodeAccount((byte[])reader[0], tariffs.Get));
            }
        }

        await using (var command = database.CreateCommand("select state from loose_meter_state where partition = $1"))
        {
            Add(command, lease.Partition);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                StateCodec.DecodeLoose((byte[])reader[0]).ForEach(state.Load);
            }
        }

        return state;
    }

    public async Task<Dictionary<long, int>> PoisonAsync(int partition)
    {
        await using var command = database.CreateCommand("select position, record_count from poison where partition = $1");
        Add(command, partition);
        await using var reader = await command.ExecuteReaderAsync();
        var poison = new Dictionary<long, int>();
        while (await reader.ReadAsync())
        {
            poison[reader.GetInt64(0)] = reader.GetInt32(1);
        }

        return poison;
    }

    /// <summary>Marks records to be passed over, if the partition is still held.</summary>
    public async Task SetAsideAsync(PartitionLease lease, long position, int count, string cause)
    {
        const string Sql = """
            insert into poison (partition, position, record_count, cause)
            select $1, $2, $3, $4 where exists (select from partition where partition = $1 and epoch = $5) on conflict do nothing
            """;
        await using var command = database.CreateCommand(Sql);
        Add(command, lease.Partition, position, count, cause.Replace("\0", "", StringComparison.Ordinal), lease.Epoch);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Closed days of a meter from a day on (and the nearest earlier one with a point), as the last state flush left them.</summary>
    public async Task<List<DayRow>> LoadDaysAsync(DaysNeeded needed)
    {
        const string Sql = """
            select day, account, tariff, before_ms, before_wh, point_count, points, rate_wh, energy_nano, held_wh, entry_position, from_position, to_position
            from meter_day where meter = $1 and assignment = $2 and day >= coalesce(
                case when $4 then (select max(day) from meter_day where meter = $1 and assignment = $2 and day < $3 and point_count > 0) end, $3)
            order by day
            """;
        await using var command = database.CreateCommand(Sql);
        Add(command, needed.Meter.Number, needed.Meter.Assignment, DateOnly.FromDayNumber(needed.FromDay), needed.AndPrevious);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<DayRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(ReadDay(reader, needed.Meter.Number, needed.Meter.Assignment));
        }

        return rows;
    }

    public static DayRow ReadDay(NpgsqlDataReader r, int meter, int assignment)
    {
        var before = new Point(r.GetInt64(3), r.GetInt64(4));
        return new DayRow(
            new DayKey(meter, assignment, r.GetFieldValue<DateOnly>(0).DayNumber),
            r.GetInt32(1),
            r.GetInt32(2),
            before,
            PackedPoints.FromBytes((byte[])r[6], r.GetInt32(5), before),
            (long[])r[7],
            new Money(r.GetInt64(8)),
            r.GetInt64(9),
            r.GetInt64(10),
            r.GetInt64(11),
            r.GetInt64(12));
    }

    public async Task<CommandOutcome?> OutcomeAsync(int partition, long position)
    {
        await using var command = database.CreateCommand("select code, detail, balance_nano from command_outcome where partition = $1 and position = $2");
        Add(command, partition, position);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return null;
        }

        var refusal = await reader.IsDBNullAsync(0) ? null : new Refusal(reader.GetString(0), reader.GetString(1));
        return new CommandOutcome(position, refusal, new Money(reader.GetInt64(2)));
    }

    /// <summary>The earliest due time of a partition's accounts, UTC ms.</summary>
    public async Task<long> NextDueAsync(int partition)
    {
        await using var command = database.CreateCommand("select min(greatest(due_at_ms, claimed_until_ms)) from due where partition = $1");
        Add(command, partition);
        return await command.ExecuteScalarAsync() is long due ? due : long.MaxValue;
    }

    /// <summary>Claims accounts that are due, so that no second sweeper checks them meanwhile. The row itself changes only by the fold's word.</summary>
    public async Task<List<int>> ClaimDueAsync(int partition, long nowMs, long untilMs, int max)
    {
        const string Sql = """
            update due set claimed_until_ms = $3 where account in (
                select account from due where partition = $1 and due_at_ms <= $2 and claimed_until_ms <= $2
                order by due_at_ms limit $4 for update skip locked)
            returning account
            """;
        await using var command = database.CreateCommand(Sql);
        Add(command, partition, nowMs, untilMs, max);
        await using var reader = await command.ExecuteReaderAsync();
        var accounts = new List<int>();
        while (await reader.ReadAsync())
        {
            accounts.Add(reader.GetInt32(0));
        }

        return accounts;
    }

    /// <summary>
    /// Writes effects and the position they stand at. Throws <see cref="FencedException"/> if the epoch or the position it continues from no longer
    /// holds, with nothing written. Returns the partitions that transfers were appended to.
    /// </summary>
    public async Task<IReadOnlyList<int>> FlushEffectsAsync(PartitionLease lease, long from, long to, Effects effects)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await FenceAsync(connection, transaction, "update partition set effects_position = $4 where partition = $1 and epoch = $2 and effects_position = $3", lease, from, to);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            EffectStatements.AddTo(batch, lease.Partition, to, effects);
            await batch.ExecuteNonQueryAsync();
        }

        var transfers = effects.Transfers.Select(t => new LogAppend(t.ToPartition, t.Count, t.Records)).ToArray();
        if (transfers.Length > 0)
        {
            await PostgresLog.AppendInAsync(connection, transaction, transfers);
        }

        await transaction.CommitAsync();
        return [.. transfers.Select(t => t.Partition).Distinct()];
    }

    /// <summary>Writes states and closed days at one position, behind which the log is no longer needed to recover them.</summary>
    public async Task FlushStatesAsync(PartitionLease lease, long from, long to, StateSnapshot snapshot)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await FenceAsync(connection, transaction, "update partition set state_position = $4, state_now_ms = $5 where partition = $1 and epoch = $2 and state_position = $3 and effects_position >= $4", lease, from, to, snapshot.NowMs);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            snapshot.AddTo(batch, lease.Partition);
            if (batch.BatchCommands.Count > 0)
            {
                await batch.ExecuteNonQueryAsync();
            }
        }

        await transaction.CommitAsync();
    }

    internal static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
    }

    internal static NpgsqlBatchCommand Statement(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }

    private static async Task FenceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, PartitionLease lease, long from, long to, params object[] more)
    {
        await using var fence = new NpgsqlCommand(sql, connection, transaction);
        Add(fence, [lease.Partition, lease.Epoch, from, to, .. more]);
        if (await fence.ExecuteNonQueryAsync() != 1)
        {
            throw new FencedException(lease.Partition, lease.Epoch);
        }
    }
}

/// <summary>The statements of an effects flush: one per table, by unnest. Every insert has a key derived from the cause, as a second net.</summary>
internal static class EffectStatements
{
    public static void AddTo(NpgsqlBatch batch, int partition, long to, Effects effects)
    {
        batch.BatchCommands.Add(PartitionStore.Statement("update log_reader set consumed_position = greatest(consumed_position, $2) where partition = $1", partition, to));
        AddEntries(batch, partition, effects.Entries);
        AddEvents(batch, partition, effects.Events);
        AddNotices(batch, partition, effects.Notices);
        AddDue(batch, partition, effects.Due);
        AddExceptions(batch, partition, effects.Exceptions);
        AddOutcomes(batch, partition, effects.Outcomes);
        foreach (var home in effects.Homes)
        {
            batch.BatchCommands.Add(PartitionStore.Statement(
                "update meter set account = $2, partition = $3, installed = true, home_version = nextval('meter_home_version') where number = $1", home.Meter, home.Account, home.Partition));
        }
    }

    private static void AddEntries(NpgsqlBatch batch, int partition, List<LedgerEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into entry (partition, position, sequence, account, kind, amount_nano, balance_nano, at_ms, day, corrects_position, energy_nano, tiers_nano, standing_nano, tax_nano, reference)
            select $1, * from unnest($2::bigint[], $3::int[], $4::int[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::date[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::text[])
            on conflict do nothing
            """;
        batch.BatchCommands.Add(PartitionStore.Statement(
            Sql,
            partition,
            entries.Select(e => e.Position).ToArray(),
            entries.Select(e => e.Sequence).ToArray(),
            entries.Select(e => e.Account).ToArray(),
            entries.Select(e => KindText(e.Kind)).ToArray(),
            entries.Select(e => e.Amount.Nano).ToArray(),
            entries.Select(e => e.Balance.Nano).ToArray(),
            entries.Select(e => e.AtMs).ToArray(),
            entries.Select(e => e.Day == 0 ? (DateOnly?)null : DateOnly.FromDayNumber(e.Day)).ToArray(),
            entries.Select(e => e.Kind is EntryKind.Reversal or EntryKind.Correction ? e.CorrectsPosition : (long?)null).ToArray(),
            entries.Select(e => e.Parts.Energy.Nano).ToArray(),
            entries.Select(e => e.Parts.Tiers.Nano).ToArray(),
            entries.Select(e => e.Parts.Standing.Nano).ToArray(),
            entries.Select(e => e.Parts.Tax.Nano).ToArray(),
            entries.Select(e => Clean(e.Reference)).ToArray()));
    }

    /// <summary>The door lets no such text in; were one in the log all the same, it must not stop its partition.</summary>
    private static string? Clean(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);

    public static string KindText(EntryKind kind) => kind switch
    {
        EntryKind.Payment => "payment",
        EntryKind.Reversal => "reversal",
        EntryKind.Refund => "refund",
        EntryKind.Adjustment => "adjustment",
        EntryKind.Charge => "charge",
        EntryKind.Correction => "correction",
        EntryKind.Standing => "standing",
        _ => throw new InvariantBrokenException($"No text for entry kind {kind}."),
    };

    private static void AddEvents(NpgsqlBatch batch, int partition, List<EventEffect> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into account_event (partition, position, sequence, account, at_ms, event)
            select $1, * from unnest($2::bigint[], $3::int[], $4::int[], $5::bigint[], $6::jsonb[]) on conflict do nothing
            """;
        var command = PartitionStore.Statement(
            Sql,
            partition,
            events.Select(e => e.Position).ToArray(),
            events.Select(e => e.Sequence).ToArray(),
            events.Select(e => e.Account).ToArray(),
            events.Select(e => e.AtMs).ToArray());
        command.Parameters.Add(new() { Value = events.Select(e => JsonSerializer.Serialize(e.Event, AccountEventJson.Default.AccountEvent).Replace("\\u0000", "", StringComparison.Ordinal)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        batch.BatchCommands.Add(command);
    }

    private static void AddNotices(NpgsqlBatch batch, int partition, List<NoticeEffect> notices)
    {
        foreach (var n in notices)
        {
            var body = JsonSerializer.Serialize(new { levelAmount = n.Level.ToString(), balance = n.Balance.ToString(), atMs = n.AtMs });
            var command = PartitionStore.Statement(
                "insert into outbox (id, account, partition, position, kind, created_ms, body) values ($1, $2, $3, $4, 'low-balance', $5, $6) on conflict do nothing",
                n.Id, n.Account, partition, n.Position, n.AtMs);
            command.Parameters.Add(new() { Value = body, NpgsqlDbType = NpgsqlDbType.Jsonb });
            batch.BatchCommands.Add(command);
        }
    }

    private static void AddDue(NpgsqlBatch batch, int partition, Dictionary<int, long> due)
    {
        var gone = due.Where(d => d.Value == long.MaxValue).Select(d => d.Key).ToArray();
        var set = due.Where(d => d.Value != long.MaxValue).ToArray();
        if (gone.Length > 0)
        {
            batch.BatchCommands.Add(PartitionStore.Statement("delete from due where account = any($1)", gone));
        }

        if (set.Length > 0)
        {
            const string Sql = """
                insert into due (account, partition, due_at_ms) select a, $1, d from unnest($2, $3) as t(a, d)
                on conflict (account) do update set due_at_ms = excluded.due_at_ms, partition = excluded.partition, claimed_until_ms = 0
                """;
            batch.BatchCommands.Add(PartitionStore.Statement(Sql, partition, set.Select(d => d.Key).ToArray(), set.Select(d => d.Value).ToArray()));
        }
    }

    private static void AddExceptions(NpgsqlBatch batch, int partition, Dictionary<ExceptionKey, ExceptionEffect> exceptions)
    {
        if (exceptions.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into reading_exception (partition, meter, reading_ms, code, account, position, open, value_wh, held_wh, detail)
            select $1, * from unnest($2::int[], $3::bigint[], $4::text[], $5::int[], $6::bigint[], $7::bool[], $8::bigint[], $9::bigint[], $10::text[])
            on conflict (meter, reading_ms, code) do update set account = excluded.account, partition = excluded.partition, position = excluded.position,
                open = excluded.open, value_wh = excluded.value_wh, held_wh = excluded.held_wh, detail = excluded.detail, changed_at = now()
            """;
        batch.BatchCommands.Add(PartitionStore.Statement(
            Sql,
            partition,
            exceptions.Keys.Select(k => k.Meter).ToArray(),
            exceptions.Keys.Select(k => k.TimeMs).ToArray(),
            exceptions.Keys.Select(k => k.Outcome.Code()).ToArray(),
            exceptions.Values.Select(v => v.Account).ToArray(),
            exceptions.Values.Select(v => v.Position).ToArray(),
            exceptions.Values.Select(v => v.Open).ToArray(),
            exceptions.Values.Select(v => v.ValueWh).ToArray(),
            exceptions.Values.Select(v => v.HeldWh).ToArray(),
            exceptions.Values.Select(v => v.Detail).ToArray()));
    }

    private static void AddOutcomes(NpgsqlBatch batch, int partition, List<CommandOutcome> outcomes)
    {
        if (outcomes.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into command_outcome (partition, position, code, detail, balance_nano)
            select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[]) on conflict do nothing
            """;
        batch.BatchCommands.Add(PartitionStore.Statement(
            Sql,
            partition,
            outcomes.Select(o => o.Position).ToArray(),
            outcomes.Select(o => o.Refusal?.Code).ToArray(),
            outcomes.Select(o => o.Refusal?.Detail).ToArray(),
            outcomes.Select(o => o.Balance.Nano).ToArray()));
    }
}

/// <summary>Changed states, packed at one position while the fold stands still, to be written while it goes on.</summary>
public sealed class StateSnapshot
{
    private const string AccountsSql = """
        insert into account_state (partition, account, balance_nano, credit_nano, charged_nano, ledger_nano, charged_wh, held_wh, version_position, state)
        select $1, * from unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[])
        on conflict (account) do update set balance_nano = excluded.balance_nano, credit_nano = excluded.credit_nano, charged_nano = excluded.charged_nano,
            ledger_nano = excluded.ledger_nano, charged_wh = excluded.charged_wh, held_wh = excluded.held_wh, version_position = excluded.version_position, state = excluded.state
        """;

    private const string LooseSql = """
        insert into loose_meter_state (partition, meter, held_wh, state) values ($1, $2, $3, $4)
        on conflict (meter, partition) do update set held_wh = excluded.held_wh, state = excluded.state
        """;

    private const string DaySql = """
        insert into meter_day (partition, meter, assignment, day, account, tariff, before_ms, before_wh, point_count, points, rate_wh, energy_nano, held_wh, entry_position, from_position, to_position)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (meter, assignment, day) do update set account = excluded.account, tariff = excluded.tariff, before_ms = excluded.before_ms, before_wh = excluded.before_wh,
            point_count = excluded.point_count, points = excluded.points, rate_wh = excluded.rate_wh, energy_nano = excluded.energy_nano, held_wh = excluded.held_wh,
            entry_position = excluded.entry_position, from_position = excluded.from_position, to_position = excluded.to_position
        """;

    private readonly List<(AccountState Account, byte[] State)> _accounts = [];
    private readonly List<long[]> _numbers = [];
    private readonly List<(int Meter, long Held, byte[] State)> _loose = [];

    /// <summary>Packs what changed and marks it clean. <see cref="Days"/> stay in memory until the flush has succeeded.</summary>
    public static StateSnapshot Take(PartitionState state)
    {
        var snapshot = new StateSnapshot { Position = state.Position, NowMs = state.NowMs, Days = [.. state.ClosedDays.Values], Opened = [.. state.OpenedDays] };
        foreach (var a in state.DirtyAccounts)
        {
            a.Dirty = false;
            snapshot._accounts.Add((a, StateCodec.Encode(a)));
            snapshot._numbers.Add([a.Balance.Nano, a.Credit.Nano, a.Charged.Nano, a.LedgerBalance.Nano, a.Meters.Sum(m => m.Charged.Wh), a.Meters.Sum(m => m.Held.Wh), a.Version]);
        }

        foreach (var number in state.DirtyLooseMeters.Select(m => m.Number).Distinct())
        {
            var times = new List<MeterState>();
            for (var m = state.Meters.GetValueOrDefault(number); m is not null; m = m.Former)
            {
                if (m.Account is null)
                {
                    times.Add(m);
                }
            }

            snapshot._loose.Add((number, times.Sum(m => m.Held.Wh), StateCodec.EncodeLoose(times)));
        }

        state.DirtyAccounts.Clear();
        state.DirtyLooseMeters.Clear();
        state.OpenedDays.Clear();
        return snapshot;
    }

    public required long Position { get; init; }

    public required long NowMs { get; init; }

    public required IReadOnlyList<DayRow> Days { get; init; }

    /// <summary>Days that are open again: their rows go.</summary>
    public required IReadOnlyList<DayKey> Opened { get; init; }

    internal void AddTo(NpgsqlBatch batch, int partition)
    {
        if (_accounts.Count > 0)
        {
            long[] Column(int i) => [.. _numbers.Select(n => n[i])];
            batch.BatchCommands.Add(PartitionStore.Statement(
                AccountsSql, partition, _accounts.Select(a => a.Account.Number).ToArray(), Column(0), Column(1), Column(2), Column(3), Column(4), Column(5), Column(6), _accounts.Select(a => a.State).ToArray()));
        }

        foreach (var (meter, held, state) in _loose)
        {
            batch.BatchCommands.Add(PartitionStore.Statement(LooseSql, partition, meter, held, state));
        }

        if (Opened.Count > 0)
        {
            const string Sql = "delete from meter_day d using unnest($1, $2, $3) as o(meter, assignment, day) where d.meter = o.meter and d.assignment = o.assignment and d.day = o.day";
            batch.BatchCommands.Add(PartitionStore.Statement(
                Sql, Opened.Select(o => o.Meter).ToArray(), Opened.Select(o => o.Assignment).ToArray(), Opened.Select(o => DateOnly.FromDayNumber(o.Day)).ToArray()));
        }

        foreach (var d in Days)
        {
            batch.BatchCommands.Add(PartitionStore.Statement(
                DaySql, partition, d.Key.Meter, d.Key.Assignment, DateOnly.FromDayNumber(d.Key.Day), d.Account, d.Tariff, d.Before.TimeMs, d.Before.ValueWh,
                d.Points.Count, d.Points.Bytes.ToArray(), d.RateWh, d.Base.Nano, d.HeldWh, d.EntryPosition, d.FromPosition, d.ToPosition));
        }
    }
}
