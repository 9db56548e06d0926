using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Compares entries, events and approvals with the log that they came from. This finds what was changed in the database; whether the rules were right is asked
/// elsewhere.
/// </summary>
internal sealed partial class Auditor
{
    private static readonly string[] EntryFields =
        ["account", "kind", "amount", "balance", "time", "day", "corrected position", "energy", "tiers", "standing charge", "tax", "reference"];

    private static readonly string[] EventFields = ["account", "time", "event"];

    private readonly Dictionary<int, List<Policy>> _policies = [];

    /// <summary>Accounts whose texts were erased.</summary>
    private readonly HashSet<int> _erased = [];

    private Policy? PolicyAt(int family, int day) => _policies.GetValueOrDefault(family)?.FindLast(p => p.Definition.EffectiveFrom.DayNumber <= day);

    /// <summary>Entries and events of one record are numbered together from 0: a gap is a row that was taken away.</summary>
    private async Task CheckGapsAsync(NpgsqlConnection connection, int partition, long position)
    {
        const string Sql = """
            select position, count(*)::int, max(sequence) from (
                select position, sequence from entry where partition = $1 and position < $2 union all select position, sequence from account_event
                  where partition = $1 and position < $2) r
            group by position having count(*) <> max(sequence) + 1 order by position
            """;
        foreach (var (at, count, last) in await QueryAsync(connection, Sql, r => (r.GetInt64(0), r.GetInt32(1), r.GetInt32(2)), partition, position))
        {
            _report.Differences.Add($"partition {partition}: record {at} has {count} entries and events, but they are numbered 0 to {last}");
        }
    }

    /// <summary>Folds a whole log again and compares every entry and event, column by column.</summary>
    private async Task CompareWithFoldAsync(NpgsqlConnection connection, int partition, long position, HashSet<long> quarantined)
    {
        var entries = await LoadEntriesAsync(connection, partition, position);
        var events = await LoadEventsAsync(connection, partition, position);
        var fold = new LogFold(partition, n => _stored[n], PolicyAt, quarantined);
        try
        {
            await FoldAsync(connection, partition, position, fold, effects =>
            {
                foreach (var e in effects.Entries)
                {
                    Compare("entry", e.Position, e.Sequence, EntryFields, FieldsOf(e), entries);
                }

                foreach (var e in effects.Events)
                {
                    Compare("event", e.Position, e.Sequence, EventFields, [Text(e.Account), Text(e.AtMs), Normal(EffectStatements.Stored(e.Event))], events);
                }
            });
        }
        catch (Exception e) when (e is InvariantBrokenException or FormatException or JsonException or KeyNotFoundException or OverflowException)
        {
            _report.Differences.Add($"partition {partition}: record {fold.State.Position} of the log cannot be folded again: {e.Message}");
            return;
        }

        foreach (var (kind, rows) in new[] { ("entry", entries), ("event", events) })
        {
            _report.Differences.AddRange(
                rows.OrderBy(r => r.Key).Select(r => $"account {r.Value[0]}: {kind} {r.Key.Sequence} of record {r.Key.Position} does not follow from the log"));
        }
    }

    private async Task FoldAsync(NpgsqlConnection snapshot, int partition, long position, LogFold fold, Action<Effects> take)
    {
        await using var other = servers.IndexOf(partition) == 0 ? null : await servers.Of(partition).OpenConnectionAsync();
        await using var command =
            new NpgsqlCommand(
                "select first_position, record_count, payload from log_batch where partition = $1 and first_position < $2 order by first_position",
                other ?? snapshot)
            { CommandTimeout = 600 };
        Statements.Add(command, partition, position);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            foreach (var entry in LogRow.Entries((byte[])reader[2], reader.GetInt64(0), reader.GetInt32(1)))
            {
                fold.Fold(entry, position, take);
            }

            fold.State.Pack();
        }
    }

    private void Compare(string kind, long position, int sequence, string[] names, string[] expected, Dictionary<(long Position, int Sequence), string[]> rows)
    {
        if (!rows.Remove((position, sequence), out var found))
        {
            _report.Differences.Add(
                $"account {expected[0]}: {kind} {sequence} of record {position} is missing: "
                    + $"{string.Join(", ", names.Zip(expected).Skip(1).Where(f => f.Second.Length > 0).Select(f => $"{f.First} {f.Second}"))}");
            return;
        }

        foreach (var i in Enumerable.Range(0, names.Length).Where(i => expected[i] != found[i] && !IsErased(expected[0], names[i], expected[i], found[i])))
        {
            _report.Differences.Add(
                $"account {expected[0]}: {kind} {sequence} of record {position} must have {names[i]} '{expected[i]}' by the log but has '{found[i]}'");
        }
    }

    /// <summary>A text that was erased, where the trail says that somebody had this account's erased.</summary>
    private bool IsErased(string account, string name, string expected, string found) =>
        _erased.Contains(int.Parse(account, CultureInfo.InvariantCulture)) && name switch
        {
            "reference" => expected.Length > 0 && found == Erasure.Erased,
            "event" => found == Normal(Erasure.Of(expected)),
            _ => false,
        };

    private async Task LoadErasedAsync(NpgsqlConnection connection) => _erased.UnionWith(await QueryAsync(
        connection,
        "select distinct a.number from audit_trail t join account a on a.id = t.account where t.method = 'DELETE' and t.path = '/v1/accounts/' || t.account "
            + "|| '/personal-data'", r => r.GetInt32(0), []));

    private static string[] FieldsOf(LedgerEntry e) =>
    [
        Text(e.Account), EffectStatements.KindText(e.Kind), Text(e.Amount.Nano), Text(e.Balance.Nano), Text(e.AtMs),
        e.Day == 0 ? "" : Instants.DayToText(e.Day),
        e.CorrectsPosition == 0 ? "" : Text(e.CorrectsPosition),
        Text(e.Parts.Energy.ToMoney().Nano), Text(e.Parts.Tiers.ToMoney().Nano), Text(e.Parts.Standing.ToMoney().Nano), Text(e.Parts.Tax.ToMoney().Nano),
        EffectStatements.Clean(e.Reference) ?? "", Text(e.Parts.Levies.ToMoney().Nano),
    ];

    private static async Task<Dictionary<(long Position, int Sequence), string[]>> LoadEntriesAsync(NpgsqlConnection connection, int partition, long position)
    {
        const string Sql = """
            select position, sequence, account, kind, amount_nano, balance_nano, at_ms, day, corrects_position, energy_nano, tiers_nano, standing_nano,
              tax_nano, reference, levies_nano
            from entry where partition = $1 and position < $2
            """;
        var rows = await QueryAsync(
            connection, Sql,
            r => (Key: (r.GetInt64(0), r.GetInt32(1)), Fields: new[]
            {
                Text(r.GetInt32(2)), r.GetString(3), Text(r.GetInt64(4)), Text(r.GetInt64(5)), Text(r.GetInt64(6)),
                r.IsDBNull(7) ? "" : Instants.DayToText(r.GetFieldValue<DateOnly>(7).DayNumber),
                r.IsDBNull(8) ? "" : Text(r.GetInt64(8)), Text(r.GetInt64(9)), Text(r.GetInt64(10)), Text(r.GetInt64(11)), Text(r.GetInt64(12)),
                r.IsDBNull(13) ? "" : r.GetString(13), Text(r.GetInt64(14)),
            }),
            partition, position);
        return rows.ToDictionary(r => r.Key, r => r.Fields);
    }

    private static async Task<Dictionary<(long Position, int Sequence), string[]>> LoadEventsAsync(NpgsqlConnection connection, int partition, long position)
    {
        var rows = await QueryAsync(
            connection, "select position, sequence, account, at_ms, event::text from account_event where partition = $1 and position < $2",
            r => (Key: (r.GetInt64(0), r.GetInt32(1)), Fields: new[] { Text(r.GetInt32(2)), Text(r.GetInt64(3)), Normal(r.GetString(4)) }), partition,
            position);
        return rows.ToDictionary(r => r.Key, r => r.Fields);
    }

    /// <summary>An event's JSON in the one order of its members that the type has: the database keeps another.</summary>
    private static string Normal(string json)
    {
        try
        {
            return JsonSerializer.Serialize(JsonSerializer.Deserialize<AccountEvent>(json, EventJson), EventJson);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// What two people decided, against the command that was carried out for them: both ways while the log is kept. Who asked and who agreed must be in the
    /// trail.
    /// </summary>
    private async Task CheckApprovalsAsync(NpgsqlConnection connection, int partition, AuditLog log)
    {
        var approvals = (await QueryAsync(
            connection,
            "select p.id, p.kind, p.body, p.asked_by, p.answered_by, a.number from approval p join account a on a.id = p.account where a.partition = $1 and "
                + "p.agreed",
            r => new Agreed(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5)), partition)).ToDictionary(a =>
                $"approval:{a.Account}:{a.Id:N}");
        var carriedOut = (await LoadApprovedAsync(connection, partition)).ToDictionary(k => k.Position, k => k.Key);
        foreach (var (position, command) in log.Commands)
        {
            var key = carriedOut.GetValueOrDefault(position);
            if (key is null || !approvals.TryGetValue(key, out var agreed))
            {
                if (ApproverOf(command) is { } approver)
                {
                    _report.Differences.Add(
                        $"account {((AccountCommand)command).Account}: record {position} says that {approver} agreed, but no approval does");
                }

                continue;
            }

            if (!agreed.IsOf(command, _erased.Contains(agreed.Account)))
            {
                _report.Differences.Add($"account {agreed.Account}: approval {agreed.Id} is not what was carried out for it by record {position}");
            }
        }
    }

    private static string? ApproverOf(GridCommand command) => command switch
    {
        RefundCredit c => c.ApprovedBy,
        AdjustBalance c => c.ApprovedBy,
        WaiveFees c => c.ApprovedBy,
        WriteOff c => c.ApprovedBy,
        SwitchMode c => c.ApprovedBy,
        _ => null,
    };

    private async Task<List<(long Position, string Key)>> LoadApprovedAsync(NpgsqlConnection snapshot, int partition)
    {
        const string Sql = "select position, key from log_key where partition = $1 and key like 'approval:%'";
        if (servers.IndexOf(partition) == 0)
        {
            return await QueryAsync(snapshot, Sql, r => (r.GetInt64(0), r.GetString(1)), partition);
        }

        await using var connection = await servers.Of(partition).OpenConnectionAsync();
        return await QueryAsync(connection, Sql, r => (r.GetInt64(0), r.GetString(1)), partition);
    }

    /// <summary>Whoever asked for something, or answered, has a row in the trail.</summary>
    private async Task CheckPersonsOfApprovalsAsync(NpgsqlConnection connection)
    {
        const string Sql = """
            select a.id, a.asked_by, 'asked for it' from approval a where not exists (select from audit_trail t where t.account = a.account
              and t.person = a.asked_by)
            union all
            select a.id, a.answered_by, 'answered it' from approval a where a.answered_by is not null and not exists (
                select from audit_trail t where t.account = '' and t.person = a.answered_by and t.method = 'POST' and t.path ilike '/v1/approvals/%'
                    and translate(lower(substr(t.path, length('/v1/approvals/') + 1)), '-{}()/', '') = replace(a.id::text, '-', ''))
            order by 1
            """;
        foreach (var (id, person, what) in await QueryAsync(connection, Sql, r => (r.GetGuid(0), r.GetString(1), r.GetString(2)), []))
        {
            _report.Differences.Add($"approval {id}: that {person} {what} is not in the audit trail");
        }
    }

    private sealed record Agreed(Guid Id, string Kind, string Body, string AskedBy, string AnsweredBy, int Account)
    {
        public bool IsOf(GridCommand command, bool isErased)
        {
            try
            {
                var expected = CustomerCommands.CommandOf(Account, Kind, Body, AskedBy, AnsweredBy);
                return expected.Equals(command) || (isErased && expected.Equals(Erasure.Of(command)));
            }
            catch (Exception e) when (e is JsonException or InvariantBrokenException or ArgumentException)
            {
                return false;
            }
        }
    }
}
