using System.Security.Cryptography;
using System.Text;
using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.State;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Cases;

/// <summary>
/// Opens and closes cases that no account's log opens. Each is opened once by its id and closed once, so whoever goes on after a death does it again.
/// </summary>
internal sealed class CaseDesk(NpgsqlDataSource database, CaseCalendars calendars, TimeProvider time)
{
    /// <summary>The partition that keeps cases about no account.</summary>
    public const int NoAccountPartition = 0;

    /// <summary>The id of a case about something of a payment channel: the same for the same thing.</summary>
    /// <param name="thing">A payment's id or a business day.</param>
    public static string IdOfChannel(CaseKind kind, string channel, string thing) =>
        $"0:{kind.Code()}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{channel}\n{thing}")))[..32]}";

    /// <summary>A case about something of a payment channel, due as cases of the currency's pack are.</summary>
    /// <param name="subject">What it is about, as people read it.</param>
    /// <param name="owner">Who is responsible for the channel; null is nobody.</param>
    public CaseOpening OfChannel(
        CaseKind kind, string channel, string thing, string subject, Money atRisk, string currency, string zone, string? owner)
    {
        var policy = calendars.ForCurrency(currency);
        var due = WorkingTime.Of(policy, CaseCalendars.CalendarOf(zone))
            .EndAfter(time.GetUtcNow().ToUnixTimeMilliseconds(), policy.Definition.Ladder.CaseBusinessDays);
        return new(IdOfChannel(kind, channel, thing), kind, null, subject, atRisk, null, CasePriority.Normal, policy.Stamp, zone, due, "", Owner: owner);
    }

    /// <summary>Gives open cases of accounts to whoever is responsible now.</summary>
    public async Task MoveAsync(int[] accounts, string by, string why)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await CaseMover.MoveAsync(connection, transaction, accounts, by, why, time.GetUtcNow());
        await transaction.CommitAsync();
    }

    /// <summary>Opens a case; false where it was opened before.</summary>
    public async Task<bool> OpenAsync(CaseOpening opening)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await OpenAsync(connection, null, opening);
    }

    /// <summary>Opens a case with what else a transaction writes.</summary>
    public async Task<bool> OpenAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CaseOpening o)
    {
        var now = time.GetUtcNow();
        return await connection.ExecuteAsync(
            """
            insert into work_case (id, account, partition, position, kind, created_ms, due_day, due_at, escalate_at, zone, amount_nano, policy, subject,
              priority, opened_by, body_hash, area, owner, is_by_hand, grade, sort_key)
            select @Id, @account, @partition, 0, @kind, @created, @day, @due, @due, @Zone, @nano, @Policy, @Subject, @priority, @OpenedBy, @BodyHash,
              coalesce(c.area, @Area), coalesce(case_owner(c.manager, r.chain, 0), @Owner),
              case_owner(c.manager, r.chain, 0) is null and @Owner::text is not null, coalesce(o.grade, 2), (@keys::bigint[])[coalesce(o.grade, 2)]
            from (select 1) one left join contact c on c.partition = @partition and c.account = @account left join area r on r.id = coalesce(c.area, @Area)
            left join customer_account b on b.account = @account left join customer o on o.id = b.customer
            on conflict (partition, id) do nothing
            """,
            new
            {
                o.Id,
                account = o.Account?.Number ?? 0,
                partition = o.Account?.Partition ?? NoAccountPartition,
                kind = o.Kind.Code(),
                created = now.ToUnixTimeMilliseconds(),
                day = DateOnly.FromDayNumber(CaseCalendars.CalendarOf(o.Zone).DayOfIntervalEnd(o.DueMs)),
                due = Instants.ToInstant(o.DueMs).ToUniversalTime(),
                o.Zone,
                nano = o.AtRisk.Nano,
                o.Policy,
                o.Subject,
                priority = (short)o.Priority,
                o.OpenedBy,
                o.BodyHash,
                o.Area,
                o.Owner,
                keys = CaseStore.KeysOf(o.DueMs, o.AtRisk, o.Priority),
            },
            transaction) == 1;
    }

    /// <summary>Closes a case of the grid's own; false where it is closed or was never opened.</summary>
    /// <param name="by">Who did the work that it was about; empty is the grid itself.</param>
    public async Task<bool> CloseAsync(string id, string by, CaseResult result, string? outcome)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await CloseAsync(connection, null, NoAccountPartition, id, by, result, outcome);
    }

    /// <summary>Closes a case that a person has done; false where it is closed.</summary>
    public async Task<bool> CloseAsync(CaseRow row, string by, CaseResult result, string? outcome)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await CloseAsync(connection, null, row.Partition, row.Id, by, result, outcome);
    }

    /// <summary>Closes a case with what else a transaction writes.</summary>
    public async Task<bool> CloseAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, int partition, string id, string by, CaseResult result, string? outcome) =>
        await connection.ExecuteAsync(
            """
            with closed as (
              update work_case set state = 'closed', result = @result, outcome = @outcome, closed_by = @by, closed_at = @now
              where partition = @partition and id = @id and state <> 'closed' returning partition, id)
            insert into case_event (partition, case_id, at, kind, person, reason) select c.partition, c.id, @now, 'closed', @by, @outcome from closed c
            """,
            new { partition, id, by, result = CaseStore.NameOf(result), outcome, now = time.GetUtcNow().ToUniversalTime() }, transaction) == 1;
}
