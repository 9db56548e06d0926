using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// The statements of an effects flush: one per table, by unnest, for all its partitions. Every insert has a key derived from the cause, as a second net.
/// </summary>
internal sealed partial class EffectStatements(NpgsqlBatch batch, List<EffectsFlush> flushes, LogServers servers)
{
    /// <summary>Bodies of messages and bills: what is not said is left out.</summary>
    public static JsonSerializerOptions FactsJson { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Add()
    {
        // A log on another server hears after the commit how far it was read: that only bounds how far it may run ahead.
        var here = flushes.FindAll(f => servers.IndexOf(f.Lease.Partition) == 0);
        Statement(
            "update log_reader r set consumed_position = greatest(r.consumed_position, u.to_position) from unnest($1, $2) as u(partition, to_position) where "
                + "r.partition = u.partition",
            here.Select(f => f.Lease.Partition).ToArray(), here.Select(f => f.To).ToArray());
        AddTransfers();
        AddEntries(All(e => e.Entries));
        AddEvents(All(e => e.Events));
        AddNotices(All(e => e.Notices));
        AddVerdicts(All(e => e.Verdicts.Values));
        AddCases(All(e => e.Cases));
        AddClosedCases(All(e => e.ClosedCases));
        AddBills(All(e => e.Bills));
        AddItemMoves(All(e => e.ItemMoves));
        AddRelays(All(e => e.Relays.Values));
        AddDues(All(e => e.Dues.Values));
        AddExceptions(All(e => e.Exceptions));
        AddOutcomes(All(e => e.Outcomes));
        AddMeterRoutes(All(e => e.MeterRoutes));
    }

    public static string KindText(EntryKind kind) => kind switch
    {
        EntryKind.Payment => "payment",
        EntryKind.Reversal => "reversal",
        EntryKind.Refund => "refund",
        EntryKind.Adjustment => "adjustment",
        EntryKind.Charge => "charge",
        EntryKind.Correction => "correction",
        EntryKind.Standing => "standing",
        EntryKind.LateFee => "late-fee",
        EntryKind.Waiver => "waiver",
        EntryKind.Compensation => "compensation",
        EntryKind.DebtMoved => "debt-moved",
        EntryKind.DebtRecovery => "debt-recovery",
        EntryKind.WriteOff => "write-off",
        EntryKind.Transfer => "transfer",
        EntryKind.Commission => "commission",
        EntryKind.Deposit => "deposit",
        EntryKind.Withdrawal => "withdrawal",
        _ => throw new InvariantBrokenException($"No text for entry kind {kind}."),
    };

    private List<(int Partition, T Effect)> All<T>(Func<Effects, IEnumerable<T>> select) =>
        [.. flushes.SelectMany(f => select(f.Effects).Select(e => (f.Lease.Partition, e)))];

    /// <summary>Records for logs on other servers wait here until <see cref="TransferMover"/> has brought them there.</summary>
    private void AddTransfers()
    {
        var away = All(e => e.Transfers.Select((t, i) => (Transfer: t, Sequence: i))).FindAll(t => servers.IndexOf(t.Effect.Transfer.ToPartition) != 0);
        if (away.Count > 0)
        {
            Statement(
                "insert into log_transfer (partition, position, sequence, to_partition, record_count, payload, key, key_hash) select * from "
                    + "unnest($1, $2, $3, $4, $5, $6, $7, $8)",
                away.Select(t => t.Partition).ToArray(), away.Select(t => t.Effect.Transfer.Position).ToArray(), away.Select(t => t.Effect.Sequence).ToArray(),
                away.Select(t => t.Effect.Transfer.ToPartition).ToArray(),
                away.Select(t => t.Effect.Transfer.Count).ToArray(), away.Select(t => t.Effect.Transfer.Records).ToArray(),
                away.Select(t => t.Effect.Transfer.Key).ToArray(), away.Select(t => t.Effect.Transfer.KeyHash).ToArray());
        }
    }

    private void Statement(string sql, params object[] values) => batch.BatchCommands.Add(Statements.Of(sql, values));

    /// <summary>The escape of a NUL in finished JSON: six characters that no other backslash makes harmless.</summary>
    [GeneratedRegex(@"(?<!\\)((?:\\\\)*)\\u0000")]
    private static partial Regex NulEscape();

    /// <summary>The endpoints refuse such text. If the log has one all the same, it must not stop its partition.</summary>
    internal static string? Clean(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);

    /// <summary>An event as it is stored.</summary>
    internal static string Stored(AccountEvent happened) =>
        NulEscape().Replace(JsonSerializer.Serialize(happened, AccountEventJson.Event), "$1");

    private static NpgsqlParameter Json(IEnumerable<string?> documents) => new()
    {
        Value = documents.Select(d => d is null ? null : NulEscape().Replace(d, "$1")).ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb
    };

    private void AddEntries(List<(int Partition, LedgerEntry Entry)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into entry (partition, position, sequence, account, kind, amount_nano, balance_nano, at_ms, day, corrects_position, energy_nano, tiers_nano,
              standing_nano, tax_nano, reference, levies_nano, export_nano, capacity_nano, power_factor_nano)
            select * from unnest($1::int[], $2::bigint[], $3::int[], $4::int[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::date[],
              $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::text[], $16::bigint[], $17::bigint[], $18::bigint[],
              $19::bigint[])
            on conflict do nothing
            """;
        var entries = all.ConvertAll(e => e.Entry);
        Statement(
            Sql,
            all.Select(e => e.Partition).ToArray(),
            entries.Select(e => e.Position).ToArray(),
            entries.Select(e => e.Sequence).ToArray(),
            entries.Select(e => e.Account).ToArray(),
            entries.Select(e => KindText(e.Kind)).ToArray(),
            entries.Select(e => e.Amount.Nano).ToArray(),
            entries.Select(e => e.Balance.Nano).ToArray(),
            entries.Select(e => e.AtMs).ToArray(),
            entries.Select(e => e.Day == 0 ? (DateOnly?)null : DateOnly.FromDayNumber(e.Day)).ToArray(),
            entries.Select(e => e.CorrectsPosition == 0 ? (long?)null : e.CorrectsPosition).ToArray(),
            entries.Select(e => e.Parts.Energy.ToMoney().Nano).ToArray(),
            entries.Select(e => e.Parts.Tiers.ToMoney().Nano).ToArray(),
            entries.Select(e => e.Parts.Standing.ToMoney().Nano).ToArray(),
            entries.Select(e => e.Parts.Tax.ToMoney().Nano).ToArray(),
            entries.Select(e => Clean(e.Reference)).ToArray(),
            entries.Select(e => e.Parts.Levies.ToMoney().Nano).ToArray(),
            entries.Select(e => e.Parts.Export.ToMoney().Nano).ToArray(),
            entries.Select(e => e.Parts.Capacity.ToMoney().Nano).ToArray(),
            entries.Select(e => e.Parts.PowerFactor.ToMoney().Nano).ToArray());
    }

    private void AddEvents(List<(int Partition, EventEffect Event)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into account_event (partition, position, sequence, account, at_ms, event)
            select * from unnest($1::int[], $2::bigint[], $3::int[], $4::int[], $5::bigint[], $6::jsonb[]) on conflict do nothing
            """;
        Statement(
            Sql,
            all.Select(e => e.Partition).ToArray(),
            all.Select(e => e.Event.Position).ToArray(),
            all.Select(e => e.Event.Sequence).ToArray(),
            all.Select(e => e.Event.Account).ToArray(),
            all.Select(e => e.Event.AtMs).ToArray(),
            Json(all.Select(e => JsonSerializer.Serialize(e.Event.Event, AccountEventJson.Event))));
        PlanStatements.Add(batch, all);
    }

    private void AddNotices(List<(int Partition, NoticeEffect Notice)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into outbox (id, account, partition, position, kind, created_ms, next_attempt_at, quiet, body)
            select u.id, u.account, u.partition, u.position, u.kind, u.at_ms, to_timestamp(u.not_before_ms / 1000.0), u.quiet, u.body
            from unnest($1::text[], $2::int[], $3::int[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::jsonb[])
                as u(id, account, partition, position, kind, at_ms, not_before_ms, quiet, body) on conflict do nothing
            """;
        Statement(
            Sql,
            all.Select(n => n.Notice.Id).ToArray(),
            all.Select(n => n.Notice.Account).ToArray(),
            all.Select(n => n.Partition).ToArray(),
            all.Select(n => n.Notice.Position).ToArray(),
            all.Select(n => n.Notice.Kind.Code()).ToArray(),
            all.Select(n => n.Notice.AtMs).ToArray(),
            all.Select(n => n.Notice.NotBeforeMs).ToArray(),
            all.Select(n => n.Notice.Quiet?.ToString()).ToArray(),
            Json(all.Select(n => JsonSerializer.Serialize(n.Notice.Facts, FactsJson))));
    }

    /// <summary>
    /// What messages that waited are now. A word that is not newer than what the row knows changes nothing, nor does one on a message that has left: nobody
    /// sends it while it is asked for, because it stays old until the result is written.
    /// </summary>
    private void AddVerdicts(List<(int Partition, NoticeVerdictEffect Verdict)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        const string Sql = """
            update outbox o set confirmed_ms = u.at_ms, claim_token = null, kind = coalesce(u.kind, o.kind), body = coalesce(u.body, o.body), message = case
              when u.body is null then o.message end,
                state = case when u.kind is null then 'withdrawn' else o.state end, last_error = coalesce(u.reason, o.last_error),
                  next_attempt_at = to_timestamp(u.at_ms / 1000.0)
            from unnest($1::int[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::jsonb[]) as u(partition, id, at_ms, kind, reason, body)
            where o.partition = u.partition and o.id = u.id and o.state = 'queued' and o.confirmed_ms < u.at_ms
            """;
        Statement(
            Sql,
            all.Select(v => v.Partition).ToArray(), all.Select(v => v.Verdict.Id).ToArray(), all.Select(v => v.Verdict.AtMs).ToArray(),
            all.Select(v => v.Verdict.Kind?.Code()).ToArray(), all.Select(v => v.Verdict.Reason).ToArray(),
            Json(all.Select(v => v.Verdict.Facts is { } facts ? JsonSerializer.Serialize(facts, FactsJson) : null)));
    }

    private void AddCases(List<(int Partition, CaseEffect Case)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        // Somebody in particular: the account's manager, else the collector of its area or of one above.
        const string Sql = """
            insert into work_case (id, account, partition, position, kind, created_ms, due_day, amount_nano, policy, due_at, zone, escalate_at, area, owner,
              grade, sort_key)
            select u.id, u.account, u.partition, u.position, u.kind, u.created_ms, u.due_day, u.amount_nano, u.policy, to_timestamp(u.due_ms / 1000.0), u.zone,
              to_timestamp(u.due_ms / 1000.0), c.area, case_owner(c.manager, r.chain, 0), coalesce(o.grade, 2), (u.keys::bigint[])[coalesce(o.grade, 2)]
            from unnest($1::text[], $2::int[], $3::int[], $4::bigint[], $5::text[], $6::bigint[], $7::date[], $8::bigint[], $9::text[],
              $10::bigint[], $11::text[], $12::text[])
              as u(id, account, partition, position, kind, created_ms, due_day, amount_nano, policy, due_ms, zone, keys)
            left join contact c on c.partition = u.partition and c.account = u.account left join area r on r.id = c.area
            left join customer_account b on b.account = u.account left join customer o on o.id = b.customer on conflict do nothing
            """;
        Statement(
            Sql,
            all.Select(c => c.Case.Id).ToArray(),
            all.Select(c => c.Case.Account).ToArray(),
            all.Select(c => c.Partition).ToArray(),
            all.Select(c => c.Case.Position).ToArray(),
            all.Select(c => c.Case.Kind.Code()).ToArray(),
            all.Select(c => c.Case.AtMs).ToArray(),
            all.Select(c => DateOnly.FromDayNumber(c.Case.DueDay)).ToArray(),
            all.Select(c => c.Case.Amount.Nano).ToArray(),
            all.Select(c => c.Case.Policy).ToArray(),
            all.Select(c => c.Case.DueMs).ToArray(),
            all.Select(c => c.Case.Zone).ToArray(),
            all.Select(c => KeysOf(c.Case)).ToArray());
    }

    /// <summary>The case's sort key for each grade, as an array of the database.</summary>
    private static string KeysOf(CaseEffect c) =>
        "{" + string.Join(',', Enum.GetValues<RiskGrade>().Select(g => CaseUrgency.KeyOf(c.DueMs, c.Amount, g, CasePriority.Normal))) + "}";

    private void AddClosedCases(List<(int Partition, ClosedCaseEffect Closed)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        const string Sql = """
            with closed as (
              update work_case c set state = 'closed', outcome = u.outcome, closed_by = u.person, closed_at = to_timestamp(u.at_ms / 1000.0)
              from unnest($1, $2, $3, $4, $5) as u(partition, id, person, outcome, at_ms)
              where c.partition = u.partition and c.id = u.id and c.state <> 'closed'
              returning c.partition, c.id, c.closed_at, u.person, u.outcome)
            insert into case_event (partition, case_id, at, kind, person, reason)
            select c.partition, c.id, c.closed_at, 'closed', c.person, c.outcome from closed c
            """;
        Statement(
            Sql,
            all.Select(c => c.Partition).ToArray(), all.Select(c => c.Closed.Id).ToArray(), all.Select(c => Clean(c.Closed.By)).ToArray(),
            all.Select(c => Clean(c.Closed.Outcome)).ToArray(), all.Select(c => c.Closed.AtMs).ToArray());
    }

    private void AddBills(List<(int Partition, BillEffect Bill)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into bill (id, account, partition, position, created_ms, from_day, to_day, due_day, amount_nano, facts)
            select * from unnest($1::text[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::date[], $7::date[], $8::date[], $9::bigint[], $10::jsonb[])
              on conflict do nothing
            """;
        Statement(
            Sql,
            all.Select(b => b.Bill.Id).ToArray(),
            all.Select(b => b.Bill.Account).ToArray(),
            all.Select(b => b.Partition).ToArray(),
            all.Select(b => b.Bill.Position).ToArray(),
            all.Select(b => b.Bill.AtMs).ToArray(),
            all.Select(b => DateOnly.FromDayNumber(b.Bill.Facts.FromDay)).ToArray(),
            all.Select(b => DateOnly.FromDayNumber(b.Bill.Facts.ToDay)).ToArray(),
            all.Select(b => b.Bill.Facts.DueDay == 0 ? (DateOnly?)null : DateOnly.FromDayNumber(b.Bill.Facts.DueDay)).ToArray(),
            all.Select(b => b.Bill.Facts.Amount.Nano).ToArray(),
            Json(all.Select(b => JsonSerializer.Serialize(b.Bill.Facts, FactsJson))));
    }

    private void AddItemMoves(List<(int Partition, ItemMoveEffect Move)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        Statement(
            """
            insert into item_move (partition, account, item, position, credit, day, due_day, nano)
            select * from unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::date[], $7::date[], $8::bigint[]) on conflict do nothing
            """,
            all.Select(m => m.Partition).ToArray(),
            all.Select(m => m.Move.Account).ToArray(),
            all.Select(m => m.Move.Item).ToArray(),
            all.Select(m => m.Move.Position).ToArray(),
            all.Select(m => m.Move.Credit).ToArray(),
            all.Select(m => DateOnly.FromDayNumber(m.Move.Day)).ToArray(),
            all.Select(m => m.Move.DueDay == 0 ? (DateOnly?)null : DateOnly.FromDayNumber(m.Move.DueDay)).ToArray(),
            all.Select(m => m.Move.Amount.Nano).ToArray());
    }

    private void AddRelays(List<(int Partition, RelayEffect Relay)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        // The state of a later position counts; a replayed one has no effect. Only a cut that was planned can be withdrawn.
        var last = all.Where(r => r.Relay.State != RelayCommandState.Withdrawn || r.Relay.Sequence > 0).ToList();
        const string Sql = """
            insert into relay_command as r (account, sequence, partition, position, turns_on, state, created_ms, expires_ms, meters)
            select u.account, u.sequence, u.partition, u.position, u.turns_on, u.state, u.at_ms, u.expires_ms, string_to_array(u.meters, ',')::int[]
            from unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::bool[], $6::text[], $7::bigint[], $8::bigint[], $9::text[])
                as u(account, sequence, partition, position, turns_on, state, at_ms, expires_ms, meters)
            on conflict (partition, account, sequence) do update set state = excluded.state, position = excluded.position, expires_ms = excluded.expires_ms,
              meters = excluded.meters
                where r.position < excluded.position
            """;
        Statement(
            Sql,
            last.Select(r => r.Relay.Account).ToArray(),
            last.Select(r => r.Relay.Sequence).ToArray(),
            last.Select(r => r.Partition).ToArray(),
            last.Select(r => r.Relay.Position).ToArray(),
            last.Select(r => r.Relay.TurnsOn).ToArray(),
            last.Select(r => r.Relay.State.Code()).ToArray(),
            last.Select(r => r.Relay.AtMs).ToArray(),
            last.Select(r => r.Relay.ExpiresMs).ToArray(),
            last.Select(r => string.Join(',', r.Relay.Meters)).ToArray());
    }

    private void AddDues(List<(int Partition, DueEffect Due)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        var last = all.GroupBy(d => (d.Partition, d.Due.Account)).Select(g => g.Last()).ToList();
        var gone = last.Where(d => d.Due.DueMs is null).ToList();
        Statement(
            "delete from due d using unnest($1, $2) as u(partition, account) where d.partition = u.partition and d.account = u.account",
            gone.Select(d => d.Partition).ToArray(), gone.Select(d => d.Due.Account).ToArray());
        var rows = last.Where(d => d.Due.DueMs is not null).ToList();
        Statement(
            """
            insert into due (account, partition, kind, due_at)
            select u.account, u.partition, u.kind, to_timestamp(u.due_ms / 1000.0) from unnest($1::int[], $2::int[], $3::text[], $4::bigint[])
              as u(account, partition, kind, due_ms)
            on conflict (partition, account) do update set kind = excluded.kind, due_at = excluded.due_at
            """,
            rows.Select(d => d.Due.Account).ToArray(),
            rows.Select(d => d.Partition).ToArray(),
            rows.Select(d => d.Due.Kind).ToArray(),
            rows.Select(d => d.Due.DueMs!.Value).ToArray());
    }

    private void AddExceptions(List<(int Partition, KeyValuePair<ExceptionKey, ExceptionEffect> Exception)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        // Two partitions of a group can report on a meter that moved: the later report counts, and a row is written once.
        var last = all.GroupBy(e => e.Exception.Key).Select(g => g.Last()).ToList();
        DeleteExceptions("<>", last.FindAll(e => e.Exception.Value.HasMoved));
        var open = last.Where(e => e.Exception.Value.Open).ToList();
        const string Sql = """
            insert into reading_exception (partition, meter, reading_ms, code, register, account, position, open, value_wh, held_wh, detail)
            select u.partition, u.meter, u.reading_ms, u.code, u.register, u.account, u.position, true, u.value_wh, u.held_wh, u.detail
            from unnest($1::int[], $2::int[], $3::bigint[], $4::text[], $5::smallint[], $6::int[], $7::bigint[], $8::bigint[], $9::bigint[],
                $10::text[]) as u(partition, meter, reading_ms, code, register, account, position, value_wh, held_wh, detail)
            on conflict (partition, meter, reading_ms, code, register) do update set account = excluded.account, position = excluded.position,
                open = excluded.open, value_wh = excluded.value_wh, held_wh = excluded.held_wh, detail = excluded.detail, changed_at = now()
            """;
        if (open.Count > 0)
        {
            Statement(
                Sql,
                open.Select(e => e.Partition).ToArray(),
                open.Select(e => e.Exception.Key.Meter).ToArray(),
                open.Select(e => e.Exception.Key.TimeMs).ToArray(),
                open.Select(e => e.Exception.Key.Outcome.Code().Text).ToArray(),
                open.Select(e => (short)e.Exception.Key.Register).ToArray(),
                open.Select(e => e.Exception.Value.Account).ToArray(),
                open.Select(e => e.Exception.Value.Position).ToArray(),
                open.Select(e => e.Exception.Value.ValueWh).ToArray(),
                open.Select(e => e.Exception.Value.HeldWh).ToArray(),
                open.Select(e => e.Exception.Value.Detail).ToArray());
        }

        // What later data explained needs no work any more, and leaves no row: disorder would leave one for each reading.
        DeleteExceptions("=", last.FindAll(e => !e.Exception.Value.Open));
    }

    /// <summary>
    /// Deletes exceptions of the partitions that report on them (=), or of those that a meter was in before (&lt;&gt;): one exception has one row.
    /// </summary>
    private void DeleteExceptions(string whose, List<(int Partition, KeyValuePair<ExceptionKey, ExceptionEffect> Exception)> which)
    {
        if (which.Count > 0)
        {
            Statement(
                $"""
                delete from reading_exception e
                using unnest($1::int[], $2::int[], $3::bigint[], $4::text[], $5::smallint[]) as u(partition, meter, reading_ms, code, register)
                where e.partition {whose} u.partition and e.meter = u.meter and e.reading_ms = u.reading_ms and e.code = u.code
                  and e.register = u.register
                """,
                which.Select(e => e.Partition).ToArray(),
                which.Select(e => e.Exception.Key.Meter).ToArray(),
                which.Select(e => e.Exception.Key.TimeMs).ToArray(),
                which.Select(e => e.Exception.Key.Outcome.Code().Text).ToArray(),
                which.Select(e => (short)e.Exception.Key.Register).ToArray());
        }
    }

    private void AddOutcomes(List<(int Partition, Domain.Commands.CommandOutcome Outcome)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        const string Sql = """
            insert into command_outcome (partition, position, code, detail, balance_nano, amount_nano, debt_nano, fees_nano)
            select * from unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[]) on conflict do nothing
            """;
        Statement(
            Sql,
            all.Select(o => o.Partition).ToArray(),
            all.Select(o => o.Outcome.Position).ToArray(),
            all.Select(o => o.Outcome.Refusal?.Code.Text).ToArray(),
            all.Select(o => Clean(o.Outcome.Refusal?.Detail)).ToArray(),
            all.Select(o => o.Outcome.Balance.Nano).ToArray(),
            all.Select(o => o.Outcome.Amount.Nano).ToArray(),
            all.Select(o => o.Outcome.Debt.Nano).ToArray(),
            all.Select(o => o.Outcome.Fees.Nano).ToArray());
    }

    /// <summary>The last route of each meter: a flush may hold its departure and its arrival.</summary>
    private void AddMeterRoutes(List<(int Partition, MeterRouteEffect Route)> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        const string Sql = """
            update meter m set account = u.account, partition = u.partition, rate_registers = u.rate_registers, installed = true,
              route_version = nextval('meter_route_version')
            from unnest($1, $2, $3, $4) as u(meter, account, partition, rate_registers) where m.number = u.meter
            """;
        var last = all.GroupBy(h => h.Route.Meter).Select(g => g.Last().Route).ToList();
        Statement(Sql, last.Select(h => h.Meter).ToArray(), last.Select(h => h.Account).ToArray(), last.Select(h => h.Partition).ToArray(),
            last.Select(h => (short)h.RateRegisters).ToArray());
    }
}
