using System.Data;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Recomputes from the log, the day rows and the entries what every balance must be, in one snapshot of the database, with rating and validation
/// written a second time. Shares with the fold only stored forms and tariff definitions;
/// besides, a log that is kept whole is folded again, and each entry and event compared with what comes of it.
/// </summary>
/// <param name="witness">Heads of the audit trail that are kept outside the database; null compares with none.</param>
internal sealed partial class Auditor(LogServers servers, AuditWitness? witness = null)
{
    private readonly AuditReport _report = new();
    private readonly Dictionary<int, AuditTariff> _tariffs = [];
    private readonly AuditStored _stored = new();
    private readonly HashSet<int> _live = [];

    public async Task<AuditReport> RunAsync()
    {
        await using var connection = await servers[0].OpenConnectionAsync();
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);

        // Between two statements whole partitions are computed again: longer than any other transaction may be idle.
        await using (var patient = new NpgsqlCommand("set local idle_in_transaction_session_timeout = 0", connection))
        {
            await patient.ExecuteNonQueryAsync();
        }

        await LoadTariffsAsync(connection);
        await LoadPacksAsync(connection);
        await LoadErasedAsync(connection);
        var heads = await HeadsAsync();
        var partitions = await QueryAsync(connection, "select partition, state_position, effects_position from partition order by 1",
            r => (r.GetInt32(0), r.GetInt64(1), r.GetInt64(2)));
        foreach (var (partition, position, effects) in partitions)
        {
            _report.Partitions++;
            _report.Unaudited += heads[partition] - position;
            if (effects < position)
            {
                _report.Differences.Add($"partition {partition}: effects stand at {effects}, behind its states at {position}");
            }

            await AuditAsync(connection, partition, position, isAtRest: effects == position);
        }

        if (partitions.TrueForAll(p => p.Item3 == heads[p.Item1]))
        {
            _report.Differences.AddRange(await AuditTransfers.CompareAsync(connection));
        }

        await CheckAppendOnlyAsync(connection);
        await CheckPersonsOfApprovalsAsync(connection);
        _report.Differences.AddRange(await TrailCheck.RunAsync(connection, snapshot, witness));
        return _report;
    }

    /// <summary>Where each partition's log ended a moment after the snapshot began.</summary>
    private async Task<Dictionary<int, long>> HeadsAsync()
    {
        var heads = new Dictionary<int, long>();
        for (var i = 0; i < servers.Count; i++)
        {
            await using var connection = await servers[i].OpenConnectionAsync();
            foreach (var (partition, head) in await QueryAsync(connection, "select partition, next_position from log_head",
                r => (r.GetInt32(0), r.GetInt64(1))))
            {
                heads[partition] = servers.IndexOf(partition) == i ? head : heads.GetValueOrDefault(partition);
            }
        }

        return heads;
    }

    /// <summary>A log on another server is not in the snapshot, and need not be: what lies before a position never changes.</summary>
    private async Task<AuditLog> ReadLogAsync(NpgsqlConnection snapshot, int partition, long before, HashSet<long> quarantined)
    {
        if (servers.IndexOf(partition) == 0)
        {
            return await AuditLog.ReadAsync(snapshot, partition, before, quarantined);
        }

        await using var connection = await servers.Of(partition).OpenConnectionAsync();
        return await AuditLog.ReadAsync(connection, partition, before, quarantined);
    }

    private async Task LoadTariffsAsync(NpgsqlConnection connection)
    {
        foreach (var (number, definition, known, withdrawn) in await QueryAsync(connection, AuditStored.Sql, AuditStored.Read))
        {
            _tariffs[number] = new AuditTariff(number, definition, withdrawn is not null);
            _stored.Add(number, definition, known, withdrawn);
        }
    }

    private async Task AuditAsync(NpgsqlConnection connection, int partition, long position, bool isAtRest)
    {
        var quarantined = (await QueryAsync(connection, "select position, record_count from quarantined_record where partition = $1",
            r => (r.GetInt64(0), r.GetInt32(1)), partition))
            .SelectMany(p => Enumerable.Range(0, p.Item2).Select(i => p.Item1 + i)).ToHashSet();
        var log = await ReadLogAsync(connection, partition, position, quarantined);
        _report.WholeLogs += log.IsWhole ? 1 : 0;
        _report.Differences.AddRange(log.Defects);
        var days = await LoadDaysAsync(connection, partition);
        var exceptions = await LoadExceptionsAsync(connection, partition);
        var ledger = (await QueryAsync(
            connection,
            "select account, sum(amount_nano), coalesce(sum(amount_nano) filter (where kind not in ('charge', 'correction', 'standing')), 0), "
                + "coalesce(sum(amount_nano) filter (where kind in ('late-fee', 'compensation', 'debt-moved', 'debt-recovery', 'commission')), 0) from entry "
                + "where "
                + "partition = $1 and position < $2 group by account",
            r => (r.GetInt32(0), Total: r.GetDecimal(1), Credit: r.GetDecimal(2), Decided: r.GetDecimal(3)), partition, position)).ToDictionary(e => e.Item1);
        var accepted = (await QueryAsync(connection, "select position from command_outcome where partition = $1 and code is null", r => r.GetInt64(0),
            partition)).ToHashSet();
        var credits = log.IsWhole ? AuditCredits.Of(log, accepted) : [];
        var pages = await QueryAsync(
            connection, "select accounts, balances_nano, states from account_page where partition = $1", r => ((int[])r[0], (long[])r[1], (byte[])r[2]),
            partition);
        var rows = pages.SelectMany(p => PartitionState.Unpack(p.Item3, n => _stored[n]).Select((state, i) => new AccountRow(p.Item1[i], p.Item2[i], state)))
            .ToList();
        var seen = new Dictionary<(int Meter, int Assignment), List<Point>>();
        foreach (var row in rows)
        {
            var entries = ledger.GetValueOrDefault(row.Account);
            AuditAccount(row, days, isAtRest ? exceptions : null, seen);
            Same(row.Account, "ledger sum of entries", row.LedgerNano, entries.Total);
            Same(row.Account, "credit by entries", row.CreditNano, entries.Credit);
            if (row.State.Customer is { Overdue: { BilledThroughDay: not 0 } overdue })
            {
                Same(row.Account, "ledger by items", row.LedgerNano, overdue.LedgerNano);
            }

            if (log.IsWhole)
            {
                // What no command brought (late fees, compensation, debt moved and recovered) is decided by the fold and stands in the entries.
                Same(row.Account, "credit by the log's commands", row.CreditNano - entries.Decided, credits.GetValueOrDefault(row.Account));
            }
        }

        await AuditHistoriesAsync(connection, partition, position, rows, log);
        await CheckGapsAsync(connection, partition, position);
        await CheckApprovalsAsync(connection, partition, log);
        await AuditLooseAsync(connection, partition);
        if (log.IsWhole)
        {
            CheckReadings(partition, log, seen, exceptions);
            await CompareWithFoldAsync(connection, partition, position, quarantined);
        }
    }

    private void AuditAccount(AccountRow row, ILookup<(int, int), DayRow> days, Dictionary<(int, long), List<(string Code, bool Open, long Held)>>? exceptions,
        Dictionary<(int, int), List<Point>> seen)
    {
        // The packed state tells which points are open, and particulars that only commands carry; sums in it are not used.
        var state = row.State;
        var tariffs = AuditProducts.Held([.. state.Tariffs.Select(t => (t.FromDay, t.Tariff, t.Follows))], _tariffs);
        var books = new AuditAccount(tariffs, start => state.HouseholdOf(start.DayNumber) is var h ? (h.Size, h.Protected) : default);
        var openDay = DateOnly.FromDayNumber(state.OpenedDay);
        books.AddStandingDays(openDay, DateOnly.FromDayNumber(Math.Max(state.OpenedDay - 1, state.StandingThroughDay)));
        decimal rows = 0;
        foreach (var meter in state.Meters)
        {
            _report.Meters++;
            if (meter.UntilMs == long.MaxValue && !_live.Add(meter.Number))
            {
                _report.Differences.Add($"account {row.Account}: meter {meter.Number} is in use on another account too");
            }

            if (meter.FirstPosition == 0 && meter.Reopened is { Count: > 0 } reopened)
            {
                _report.Differences.Add(
                    $"account {row.Account}: meter {meter.Number}'s {Instants.DayToText(reopened[0].Day)} was opened again and will never be booked");
            }

            var closed = days[(meter.Number, meter.Assignment)].OrderBy(d => d.Key.Day).ToList();
            rows += closed.Sum(d => Units(d.Base.Nano));
            var points = PointsOf(meter, closed, row.Account);
            seen[(meter.Number, meter.Assignment)] = points;
            var held = books.HeldWh;
            var line = AuditLine.Of(meter.Rating, points);
            books.Add(meter.Rating, line);
            var counts = line.Select(p => p.TimeMs).ToHashSet();
            foreach (var wrong in points.Where(p => RegisterLine.Counts(p) != counts.Contains(p.TimeMs)))
            {
                _report.Differences.Add(
                    $"account {row.Account}: meter {meter.Number}'s {wrong.ValueWh} Wh at {Instants.ToText(wrong.TimeMs)} "
                        + $"{(RegisterLine.Counts(wrong) ? "counts and should not" : "should count and does not")}");
            }

            if (exceptions is not null)
            {
                // The queue is an effect: it can be compared only where effects and states stand at one position.
                var queued = points.Skip(1).SelectMany(p => exceptions.GetValueOrDefault((meter.Number, p.TimeMs)) ?? []).Where(e => e.Open).Sum(e => e.Held);
                Same(row.Account, $"energy of meter {meter.Number} held in the exception queue", books.HeldWh - held, queued);
            }

            _report.Readings += points.Count - 1;
        }

        var closedDays = state.Meters.SelectMany(m => days[(m.Number, m.Assignment)]).ToList();
        _report.Differences.AddRange(AuditDays.Differences(state, closedDays, _tariffs).Select(d => $"account {row.Account}: {d}"));
        _report.Accounts++;
        _report.EnergyInWh += books.ChargedWh + books.HeldWh;
        _report.EnergyChargedWh += row.ChargedWh;
        _report.EnergyHeldWh += row.HeldWh;
        _report.MoneyCharged += Units(row.ChargedNano);
        _report.MoneyCredited += Units(row.CreditNano);
        _report.Balances += Units(row.BalanceNano);
        Same(row.Account, "energy charged", books.ChargedWh, row.ChargedWh);
        Same(row.Account, "energy held", books.HeldWh, row.HeldWh);
        if (state.Settled == WideMoney.Zero)
        {
            Same(row.Account, "money charged", books.Charge(), Units(row.ChargedNano));
            Same(row.Account, "energy money of closed days", rows,
                state.Periods.Sum(p => Units((decimal)p.Closed.Base.Nano)) - state.Meters.Sum(m => m.Reopened?.Sum(b => Units(b.Base.Nano)) ?? 0));
        }

        Same(row.Account, "balance", row.CreditNano - row.ChargedNano, row.BalanceNano);
    }

    /// <summary>All points of a meter's time on an account: from its closed days, then from what is open.</summary>
    private List<Point> PointsOf(MeterState meter, List<DayRow> closed, int account)
    {
        var points = new List<Point>();
        foreach (var day in closed.Where(d => d.Points.Count > 0))
        {
            if (points.Count == 0)
            {
                points.Add(day.Before);
            }
            else if (!Continues(points, day.Before))
            {
                _report.Differences.Add($"account {account}: meter {meter.Number}'s {Instants.DayToText(day.Key.Day)} does not continue the day before it");
            }

            points.AddRange(day.Points.Unpack(day.Before));
        }

        if (points.Count == 0)
        {
            points.Add(meter.Tail);
        }
        else if (!Continues(points, meter.Tail))
        {
            _report.Differences.Add($"account {account}: meter {meter.Number}'s open days do not continue its closed ones");
        }

        points.AddRange(meter.Open.ToList());
        if (points[0].TimeMs != meter.FromMs)
        {
            _report.Differences.Add(
                $"account {account}: meter {meter.Number}'s points begin at {Instants.ToText(points[0].TimeMs)}, it came at {Instants.ToText(meter.FromMs)}");
        }

        return points;
    }

    /// <summary>What follows is packed behind the last point that counts.</summary>
    private static bool Continues(List<Point> points, Point before) =>
        points.FindLast(p => RegisterLine.Counts(p)) is var last && last.TimeMs == before.TimeMs && last.ValueWh == before.ValueWh;

    private async Task AuditLooseAsync(NpgsqlConnection connection, int partition)
    {
        foreach (var (held, state) in await QueryAsync(connection, "select held_wh, state from loose_meter_state where partition = $1",
            r => (r.GetInt64(0), (byte[])r[1]), partition))
        {
            _report.Meters++;
            _report.EnergyHeldWh += held;
            _report.EnergyInWh += held;
            foreach (var meter in StateCodec.DecodeLoose(state))
            {
                Same(0, $"energy of loose meter {meter.Number}", meter.Last.ValueWh - meter.Tail.ValueWh, meter.Held.Wh);
            }
        }
    }

    /// <summary>Every reading that the log holds for a meter is one of its points, and every point is one that the log holds.</summary>
    private void CheckReadings(int partition, AuditLog log, Dictionary<(int Meter, int Assignment), List<Point>> seen,
        Dictionary<(int, long), List<(string Code, bool Open, long Held)>> exceptions)
    {
        var byCommand = log.Commands.SelectMany(c => c.Command switch
        {
            ReceiveMeter r => r.Points.Select(p => (r.Meter, p.TimeMs)).Append((r.Meter, r.FromMs)),
            ReleaseMeter r => [(r.Meter, r.AtMs)],
            ExchangeMeter x => [(x.Meter, x.AtMs), (x.NewMeter, x.AtMs)],
            InstallMeter i => [(i.Meter, i.FromMs)],
            _ => Enumerable.Empty<(int, long)>(),
        }).ToHashSet();
        foreach (var ((meter, _), points) in seen)
        {
            var logged = log.Readings.GetValueOrDefault(meter);
            var last = points[^1].TimeMs;
            foreach (var point in points)
            {
                var isLogged = logged?.TryGetValue(point.TimeMs, out var r) == true
                    && (r.ValueWh == point.ValueWh || HasException(exceptions, meter, point.TimeMs, ReadingRefusals.Conflict));
                if (!isLogged && !byCommand.Contains((meter, point.TimeMs)) && !point.Quality.HasFlag(ReadingQuality.BackBillingBorder))
                {
                    _report.Differences.Add(
                        $"partition {partition}: meter {meter} has {point.ValueWh} Wh at {Instants.ToText(point.TimeMs)}, which the log does not hold");
                }
            }
        }

        var known = seen.GroupBy(s => s.Key.Meter)
            .ToDictionary(g => g.Key, g => (Times: g.SelectMany(s => s.Value).Select(p => p.TimeMs).ToHashSet(), From: g.Min(s => s.Value[0].TimeMs)));
        foreach (var (meter, readings) in log.Readings)
        {
            if (!known.TryGetValue(meter, out var points))
            {
                continue;
            }

            // What was passed on to another partition, or lies outside the meter's time here, is that partition's or an exception.
            foreach (var (ms, value) in readings)
            {
                if (!points.Times.Contains(ms) && seen.Any(s => s.Key.Meter == meter && ms > s.Value[0].TimeMs && ms <= s.Value[^1].TimeMs)
                    && !HasException(exceptions, meter, ms, null))
                {
                    _report.Differences.Add(
                        $"partition {partition}: meter {meter} does not know {value.ValueWh} Wh at {Instants.ToText(ms)}, which was acknowledged");
                }
            }
        }
    }

    private static bool HasException(Dictionary<(int, long), List<(string Code, bool Open, long Held)>> exceptions, int meter, long ms, string? code) =>
        exceptions.TryGetValue((meter, ms), out var list) && (code is null || list.Exists(e => e.Code == code));

    private static async Task<ILookup<(int, int), DayRow>> LoadDaysAsync(NpgsqlConnection connection, int partition)
    {
        const string Sql = """
            select day, account, tariff, before_ms, before_wh, before_quality, point_count, points, rate_wh, energy_nano, held_wh, entry_position,
              from_position, to_position, meter, assignment
            from meter_day where partition = $1
            """;
        var rows = await QueryAsync(connection, Sql, r => PartitionStore.ReadDay(r, r.GetInt32(14), r.GetInt32(15)), partition);
        return rows.ToLookup(d => (d.Key.Meter, d.Key.Assignment));
    }

    private static async Task<Dictionary<(int, long), List<(string Code, bool Open, long Held)>>> LoadExceptionsAsync(NpgsqlConnection connection,
        int partition)
    {
        var rows = await QueryAsync(
            connection, "select meter, reading_ms, code, open, held_wh from reading_exception where partition = $1",
            r => (r.GetInt32(0), r.GetInt64(1), r.GetString(2), r.GetBoolean(3), r.GetInt64(4)), partition);
        return rows.GroupBy(r => (r.Item1, r.Item2)).ToDictionary(g => g.Key, g => g.Select(r => (r.Item3, r.Item4, r.Item5)).ToList());
    }

    /// <summary>The tables of what happened refuse change; somebody who took that away left this trace.</summary>
    private async Task CheckAppendOnlyAsync(NpgsqlConnection connection)
    {
        foreach (var table in await QueryAsync(
            connection,
            "select t.name from (values ('entry'), ('account_event'), ('audit_trail'), ('audit_outcome')) t(name) where not exists (select from pg_trigger "
                + "where tgrelid = t.name::regclass and tgname = t.name || '_is_append_only' and tgenabled = 'O')", r => r.GetString(0)))
        {
            _report.Differences.Add($"table {table} is no longer append-only: its trigger is missing or disabled");
        }
    }

    private void Same(int account, string what, decimal expected, decimal found)
    {
        if (expected != found)
        {
            _report.Differences.Add($"account {account}: {what} must be {expected} but is {found}");
        }
    }

    private static decimal Units(decimal nano) => nano / Money.NanoPerUnit;

    private static async Task<List<T>> QueryAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        Statements.Add(command, values);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <param name="BalanceNano">The balance that stands beside the packed state for people.</param>
    private sealed record AccountRow(int Account, long BalanceNano, AccountState State)
    {
        public decimal CreditNano => (decimal)State.Credit.Nano;

        public decimal ChargedNano => (decimal)State.Charged.Nano;

        public long LedgerNano => State.LedgerBalance.Nano;

        public long ChargedWh => State.Meters.Sum(m => m.Charged.Wh);

        public long HeldWh => State.Meters.Sum(m => m.Held.Wh);
    }
}
