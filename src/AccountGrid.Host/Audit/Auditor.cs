using System.Data;
using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
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
internal sealed class Auditor(LogServers servers, AuditWitness? witness = null)
{
    private readonly AuditReport _report = new();

    public async Task<AuditReport> RunAsync()
    {
        await using var connection = await servers[0].OpenConnectionAsync();
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);

        // Between two statements whole partitions are computed again: longer than any other transaction may be idle.
        await using (var patient = new NpgsqlCommand("set local idle_in_transaction_session_timeout = 0", connection))
        {
            await patient.ExecuteNonQueryAsync();
        }

        var definitions = await AuditDefinitions.ReadAsync(connection, _report.Differences);
        var erasures = await AuditErasures.ReadAsync(connection);
        var parts = new Parts(
            definitions, new(definitions, _report), new(definitions, _report), new(servers, definitions, erasures, _report), new(servers, erasures, _report));
        var heads = await HeadsAsync();
        var partitions = await AuditQuery.ReadAsync(connection,
            "select partition, state_position, effects_position, prices_through from partition order by 1",
            r => (r.GetInt32(0), r.GetInt64(1), r.GetInt64(2), r.GetInt32(3)));
        foreach (var (partition, position, effects, through) in partitions)
        {
            _report.Partitions++;
            _report.Unaudited += heads[partition] - position;
            if (effects < position)
            {
                _report.Differences.Add($"partition {partition}: effects stand at {effects}, behind its states at {position}");
            }

            await AuditAsync(connection, parts, partition, position, through, isAtRest: effects == position);
        }

        if (partitions.TrueForAll(p => p.Item3 == heads[p.Item1]))
        {
            _report.Differences.AddRange(await AuditTransfers.CompareAsync(connection));
        }

        await CheckAppendOnlyAsync(connection);
        await parts.Approvals.CheckPersonsAsync(connection);
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
            foreach (var (partition, head) in await AuditQuery.ReadAsync(connection, "select partition, next_position from log_head",
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

    private async Task AuditAsync(NpgsqlConnection connection, Parts parts, int partition, long position, int through, bool isAtRest)
    {
        var quarantined = (await AuditQuery.ReadAsync(connection, "select position, record_count from quarantined_record where partition = $1",
            r => (r.GetInt64(0), r.GetInt32(1)), partition))
            .SelectMany(p => Enumerable.Range(0, p.Item2).Select(i => p.Item1 + i)).ToHashSet();
        var log = await ReadLogAsync(connection, partition, position, quarantined);
        _report.WholeLogs += log.IsWhole ? 1 : 0;
        _report.Differences.AddRange(log.Defects);
        var days = await LoadDaysAsync(connection, partition);
        var exceptions = await AuditExceptions.ReadAsync(connection, partition);
        var rows = await LoadAccountsAsync(connection, partition, through, parts.Definitions);
        var meetEntries = await EntriesAsync(connection, partition, position, log);
        var seen = new Dictionary<(int Meter, int Assignment, RegisterKind Register), List<Point>>();
        foreach (var row in rows)
        {
            parts.Books.Audit(row, days, isAtRest ? exceptions : null, seen);
            meetEntries(row);
        }

        await parts.Histories.AuditAsync(connection, partition, position, rows, log);
        _report.Differences.AddRange(await AuditDecisions.DifferencesAsync(connection, partition, position, rows.Select(r => r.State), seen));
        _report.Differences.AddRange(await AuditMeterEvents.DifferencesAsync(connection, partition, position, rows.Select(r => r.State)));
        await parts.Effects.CheckGapsAsync(connection, partition, position);
        await parts.Approvals.CompareAsync(connection, partition, log);
        await parts.Books.AuditLooseAsync(connection, partition);
        if (log.IsWhole)
        {
            _report.Differences.AddRange(new AuditReadings(partition, log, seen, exceptions).Differences());
            await parts.Effects.CompareWithFoldAsync(connection, partition, position, quarantined);
        }
    }

    /// <summary>Compares an account's sums with those of its entries, and, of a whole log, with those of its commands.</summary>
    private async Task<Action<AuditAccountRow>> EntriesAsync(NpgsqlConnection connection, int partition, long position, AuditLog log)
    {
        const string Sql = """
            select account, sum(amount_nano), coalesce(sum(amount_nano) filter (where kind not in ('charge', 'correction', 'standing')), 0),
              coalesce(sum(amount_nano) filter (where kind in ('late-fee', 'compensation', 'debt-moved', 'debt-recovery', 'commission')), 0)
            from entry where partition = $1 and position < $2 group by account
            """;
        var ledger = (await AuditQuery.ReadAsync(
            connection, Sql, r => (r.GetInt32(0), Total: r.GetDecimal(1), Credit: r.GetDecimal(2), Decided: r.GetDecimal(3)), partition, position))
            .ToDictionary(e => e.Item1);
        var accepted = (await AuditQuery.ReadAsync(connection, "select position from command_outcome where partition = $1 and code is null",
            r => r.GetInt64(0), partition)).ToHashSet();
        var credits = log.IsWhole ? AuditCredits.Of(log, accepted) : [];
        return row =>
        {
            var entries = ledger.GetValueOrDefault(row.Account);
            _report.Same(row.Account, "ledger sum of entries", row.LedgerNano, entries.Total);
            _report.Same(row.Account, "credit by entries", row.CreditNano, entries.Credit);
            if (row.State.Customer is { Overdue: { BilledThroughDay: not 0 } overdue })
            {
                _report.Same(row.Account, "ledger by items", row.LedgerNano, overdue.LedgerBalance.Nano);
            }

            if (log.IsWhole)
            {
                // What no command brought (late fees, compensation, debt moved and recovered) is decided by the fold and stands in the entries.
                _report.Same(row.Account, "credit by the log's commands", row.CreditNano - entries.Decided, credits.GetValueOrDefault(row.Account));
            }
        };
    }

    private static async Task<List<AuditAccountRow>> LoadAccountsAsync(NpgsqlConnection connection, int partition, int through, AuditDefinitions definitions)
    {
        var pages = await AuditQuery.ReadAsync(
            connection, "select accounts, balances_nano, states from account_page where partition = $1", r => ((int[])r[0], (long[])r[1], (byte[])r[2]),
            partition);
        return [.. pages.SelectMany(p => PartitionState.Unpack(p.Item3, n => definitions.Stored[n], through)
            .Select((state, i) => new AuditAccountRow(p.Item1[i], p.Item2[i], state)))];
    }

    private static async Task<ILookup<(int, int), DayRow>> LoadDaysAsync(NpgsqlConnection connection, int partition)
    {
        const string Sql = """
            select day, account, tariff, before_ms, before_wh, before_quality, point_count, points, rate_wh, energy_nano, held_wh, entry_position,
              from_position, to_position, prices_through, meter, assignment, register
            from meter_day where partition = $1
            """;
        var rows = await AuditQuery.ReadAsync(connection, Sql, r => PartitionStore.ReadDay(r, r.GetInt32(15), r.GetInt32(16), r.GetInt16(17)), partition);
        return rows.ToLookup(d => (d.Key.Meter, d.Key.Assignment));
    }

    /// <summary>The tables of what happened refuse change; somebody who took that away left this trace.</summary>
    private async Task CheckAppendOnlyAsync(NpgsqlConnection connection)
    {
        foreach (var table in await AuditQuery.ReadAsync(
            connection,
            "select t.name from (values ('entry'), ('account_event'), ('audit_trail'), ('audit_outcome')) t(name) where not exists (select from pg_trigger "
                + "where tgrelid = t.name::regclass and tgname = t.name || '_is_append_only' and tgenabled = 'O')", r => r.GetString(0)))
        {
            _report.Differences.Add($"table {table} is no longer append-only: its trigger is missing or disabled");
        }
    }

    /// <summary>The parts of an audit, one for the whole run: each has a subject.</summary>
    private sealed record Parts(AuditDefinitions Definitions, AuditBooks Books, AuditHistories Histories, AuditEffects Effects, AuditApprovals Approvals);
}
