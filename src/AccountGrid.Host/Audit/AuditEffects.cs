using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Compares entries and events with the log that they came from. This finds what was changed in the database; whether the rules were right is asked elsewhere.
/// </summary>
internal sealed class AuditEffects(LogServers servers, AuditDefinitions definitions, AuditErasures erasures, AuditReport report)
{
    private static readonly string[] EntryFields =
        ["account", "kind", "amount", "balance", "time", "day", "corrected position", "energy", "tiers", "standing charge", "tax", "reference",
            "levies", "export", "capacity charge", "power factor"];

    private static readonly string[] EventFields = ["account", "time", "event"];

    /// <summary>Entries and events of one record are numbered together from 0: a gap is a row that was taken away.</summary>
    public async Task CheckGapsAsync(NpgsqlConnection connection, int partition, long position)
    {
        const string Sql = """
            select position, count(*)::int, max(sequence) from (
                select position, sequence from entry where partition = $1 and position < $2 union all select position, sequence from account_event
                  where partition = $1 and position < $2) r
            group by position having count(*) <> max(sequence) + 1 order by position
            """;
        foreach (var (at, count, last) in await AuditQuery.ReadAsync(connection, Sql, r => (r.GetInt64(0), r.GetInt32(1), r.GetInt32(2)), partition, position))
        {
            report.Differences.Add($"partition {partition}: record {at} has {count} entries and events, but they are numbered 0 to {last}");
        }
    }

    /// <summary>Folds a whole log again and compares every entry and event, column by column.</summary>
    public async Task CompareWithFoldAsync(NpgsqlConnection connection, int partition, long position, HashSet<long> quarantined)
    {
        var entries = await LoadEntriesAsync(connection, partition, position);
        var events = await LoadEventsAsync(connection, partition, position);
        var fold = new LogFold(partition, n => definitions.Stored[n], definitions.PolicyAt, quarantined);
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
                    string[] fields = [Text(e.Account), Text(e.AtMs), AuditEvents.Normal(EffectStatements.Stored(e.Event))];
                    Compare("event", e.Position, e.Sequence, EventFields, fields, events);
                }
            });
        }
        catch (Exception e) when (e is InvariantBrokenException or FormatException or JsonException or KeyNotFoundException or OverflowException)
        {
            report.Differences.Add($"partition {partition}: record {fold.State.Position} of the log cannot be folded again: {e.Message}");
            return;
        }

        foreach (var (kind, rows) in new[] { ("entry", entries), ("event", events) })
        {
            report.Differences.AddRange(
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
            report.Differences.Add(
                $"account {expected[0]}: {kind} {sequence} of record {position} is missing: "
                    + $"{string.Join(", ", names.Zip(expected).Skip(1).Where(f => f.Second.Length > 0).Select(f => $"{f.First} {f.Second}"))}");
            return;
        }

        foreach (var i in Enumerable.Range(0, names.Length).Where(i => expected[i] != found[i] && !IsErased(expected[0], names[i], expected[i], found[i])))
        {
            report.Differences.Add(
                $"account {expected[0]}: {kind} {sequence} of record {position} must have {names[i]} '{expected[i]}' by the log but has '{found[i]}'");
        }
    }

    /// <summary>A text that was erased, where the trail says that somebody had this account's erased.</summary>
    private bool IsErased(string account, string name, string expected, string found) =>
        erasures.Has(int.Parse(account, CultureInfo.InvariantCulture)) && name switch
        {
            "reference" => expected.Length > 0 && found == Erasure.Erased,
            "event" => found == AuditEvents.Normal(Erasure.Of(expected)),
            _ => false,
        };

    private static string[] FieldsOf(LedgerEntry e) =>
    [
        Text(e.Account), EffectStatements.KindText(e.Kind), Text(e.Amount.Nano), Text(e.Balance.Nano), Text(e.AtMs),
        e.Day == 0 ? "" : Instants.DayToText(e.Day),
        e.CorrectsPosition == 0 ? "" : Text(e.CorrectsPosition),
        Text(e.Parts.Energy.ToMoney().Nano), Text(e.Parts.Tiers.ToMoney().Nano), Text(e.Parts.Standing.ToMoney().Nano), Text(e.Parts.Tax.ToMoney().Nano),
        EffectStatements.Clean(e.Reference) ?? "", Text(e.Parts.Levies.ToMoney().Nano), Text(e.Parts.Export.ToMoney().Nano),
        Text(e.Parts.Capacity.ToMoney().Nano), Text(e.Parts.PowerFactor.ToMoney().Nano),
    ];

    private static async Task<Dictionary<(long Position, int Sequence), string[]>> LoadEntriesAsync(NpgsqlConnection connection, int partition, long position)
    {
        const string Sql = """
            select position, sequence, account, kind, amount_nano, balance_nano, at_ms, day, corrects_position, energy_nano, tiers_nano, standing_nano,
              tax_nano, reference, levies_nano, export_nano, capacity_nano, power_factor_nano
            from entry where partition = $1 and position < $2
            """;
        var rows = await AuditQuery.ReadAsync(
            connection, Sql,
            r => (Key: (r.GetInt64(0), r.GetInt32(1)), Fields: new[]
            {
                Text(r.GetInt32(2)), r.GetString(3), Text(r.GetInt64(4)), Text(r.GetInt64(5)), Text(r.GetInt64(6)),
                r.IsDBNull(7) ? "" : Instants.DayToText(r.GetFieldValue<DateOnly>(7).DayNumber),
                r.IsDBNull(8) ? "" : Text(r.GetInt64(8)), Text(r.GetInt64(9)), Text(r.GetInt64(10)), Text(r.GetInt64(11)), Text(r.GetInt64(12)),
                r.IsDBNull(13) ? "" : r.GetString(13), Text(r.GetInt64(14)), Text(r.GetInt64(15)), Text(r.GetInt64(16)), Text(r.GetInt64(17)),
            }),
            partition, position);
        return rows.ToDictionary(r => r.Key, r => r.Fields);
    }

    private static async Task<Dictionary<(long Position, int Sequence), string[]>> LoadEventsAsync(NpgsqlConnection connection, int partition, long position)
    {
        var rows = await AuditQuery.ReadAsync(
            connection, "select position, sequence, account, at_ms, event::text from account_event where partition = $1 and position < $2",
            r => (Key: (r.GetInt64(0), r.GetInt32(1)), Fields: new[] { Text(r.GetInt32(2)), Text(r.GetInt64(3)), AuditEvents.Normal(r.GetString(4)) }),
            partition, position);
        return rows.ToDictionary(r => r.Key, r => r.Fields);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
