using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Collections;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>What two people decided, against the commands that were carried out for them and the trail.</summary>
internal sealed class AuditApprovals(LogServers servers, AuditErasures erasures, AuditReport report)
{
    /// <summary>
    /// What two people decided, against the command that was carried out for them: both ways while the log is kept. Who asked and who agreed must be in the
    /// trail.
    /// </summary>
    public async Task CompareAsync(NpgsqlConnection connection, int partition, AuditLog log)
    {
        var approvals = (await AuditQuery.ReadAsync(
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
                    report.Differences.Add(
                        $"account {((AccountCommand)command).Account}: record {position} says that {approver} agreed, but no approval does");
                }

                continue;
            }

            if (!agreed.IsOf(command, erasures.Has(agreed.Account)))
            {
                report.Differences.Add($"account {agreed.Account}: approval {agreed.Id} is not what was carried out for it by record {position}");
            }
        }
    }

    private static string? ApproverOf(GridCommand command) => command switch
    {
        RefundCredit c => c.ApprovedBy,
        AdjustBalance c => c.ApprovedBy,
        SetContractedCapacity c => c.ApprovedBy,
        SetMeterFacts c => c.ApprovedBy,
        WaiveFees c => c.ApprovedBy,
        DecideReading c => c.ApprovedBy,
        WriteOff c => c.ApprovedBy,
        SwitchMode c => c.ApprovedBy,
        _ => null,
    };

    private async Task<List<(long Position, string Key)>> LoadApprovedAsync(NpgsqlConnection snapshot, int partition)
    {
        const string Sql = "select position, key from log_key where partition = $1 and key like 'approval:%'";
        if (servers.IndexOf(partition) == 0)
        {
            return await AuditQuery.ReadAsync(snapshot, Sql, r => (r.GetInt64(0), r.GetString(1)), partition);
        }

        await using var connection = await servers.Of(partition).OpenConnectionAsync();
        return await AuditQuery.ReadAsync(connection, Sql, r => (r.GetInt64(0), r.GetString(1)), partition);
    }

    /// <summary>Whoever asked for something, or answered, has a row in the trail.</summary>
    public async Task CheckPersonsAsync(NpgsqlConnection connection)
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
        foreach (var (id, person, what) in await AuditQuery.ReadAsync(connection, Sql, r => (r.GetGuid(0), r.GetString(1), r.GetString(2)), []))
        {
            report.Differences.Add($"approval {id}: that {person} {what} is not in the audit trail");
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
