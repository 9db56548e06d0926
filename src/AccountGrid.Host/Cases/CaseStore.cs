using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Customers;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Cases;

/// <summary>Cases and what happens to them. Each change and its row in the history are one statement, which does nothing to a case that is closed.</summary>
internal sealed class CaseStore(NpgsqlDataSource database, GridDirectory directory, TimeProvider time)
{
    private const string Columns =
        "c.partition, c.id, a.id as account, c.kind, c.subject, c.created_ms, c.due_day, c.due_at, c.zone, c.policy, c.amount_nano, c.area, c.owner, c.level, "
            + "c.priority, c.grade, c.sort_key, c.state, c.result, c.outcome, c.closed_by, c.postponed, c.body_hash, c.is_by_hand";

    /// <summary>The sort keys of a case by the grade of its customer, A first.</summary>
    public static long[] KeysOf(long dueMs, Money atRisk, CasePriority priority) =>
        [.. Enum.GetValues<RiskGrade>().Select(g => CaseUrgency.KeyOf(dueMs, atRisk, g, priority))];

    public static string NameOf(CaseResult result) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(result.ToString());

    /// <summary>A case by its id; null where there is none.</summary>
    public async Task<CaseRow?> FindAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<CaseRow>(
            $"""
            select {Columns}, k.manager, r.chain from (select 1) one left join account a on a.number = @number
            join work_case c on c.partition = coalesce(a.partition, 0) and c.id = @id
            left join contact k on k.partition = c.partition and k.account = c.account left join area r on r.id = c.area
            """,
            new { id, number = DerivedId.AccountOf(id) });
    }

    /// <summary>Cases behind a place, by what matters most; closed ones, of an account, behind the open ones.</summary>
    public async Task<List<CaseRow>> ListAsync(CaseFilter f, CaseScope scope, (bool IsClosed, long Key, string Id)? after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var of = f.Account is null ? null : await directory.FindAccountAsync(f.Account);
        if (f.Account is not null && of is null)
        {
            return [];
        }

        string[] conditions =
        [
            f.Account is null ? "c.state <> 'closed'" : "c.partition = @partition and c.account = @number",
            after is null ? "true"
                : f.Account is null ? "(c.sort_key, c.id) > (@key, @id)"
                : "(c.state = 'closed', c.sort_key, c.id) > (@isClosed, @key, @id)",
            f.Owners is null ? "true" : f.Owners.Length == 0 ? "c.owner is null" : "c.owner = any(@Owners)",
            f.Area is null ? "true" : "c.area = any(@Area)",
            f.Kind is null ? "true" : "c.kind = @Kind",
            scope.Areas is null ? "true" : "(c.area = any(@Areas) or c.owner = any(@Names))",
            scope.Manager is null ? "true"
                : "(c.owner = any(@Names) or exists (select from contact k where k.partition = c.partition and k.account = c.account "
                    + "and k.manager = @Manager))",
        ];
        return (await connection.QueryAsync<CaseRow>(
            $"""
            select {Columns} from work_case c left join account a on a.number = c.account and a.partition = c.partition
            where {string.Join(" and ", conditions)} order by {(f.Account is null ? "" : "c.state = 'closed', ")}c.sort_key, c.id limit @take
            """,
            new
            {
                number = of?.Number ?? 0,
                partition = of?.Partition ?? 0,
                f.Owners,
                f.Area,
                f.Kind,
                scope.Areas,
                scope.Names,
                scope.Manager,
                isClosed = after?.IsClosed ?? false,
                key = after?.Key ?? 0,
                id = after?.Id ?? "",
                take,
            })).AsList();
    }

    /// <summary>What happened to a case, the oldest first.</summary>
    public async Task<List<CaseEventAnswer>> HistoryAsync(CaseRow row)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(DateTimeOffset At, string Kind, string Person, string? From, string? To, string? Reason)>(
            "select at, kind, person, from_owner, to_owner, reason from case_event where partition = @Partition and case_id = @Id order by id limit 1000",
            new { row.Partition, row.Id })).Select(e => new CaseEventAnswer(e.At, e.Kind, e.Person, e.From, e.To, e.Reason)).ToList();
    }

    /// <summary>Gives an open case to a person by hand; false where it is closed, or has changed hands since it was looked at.</summary>
    /// <param name="kind"><c>taken</c> or <c>handed-over</c>.</param>
    public async Task<bool> GiveAsync(CaseRow row, string kind, string to, string by, string? reason)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            """
            with given as (
              update work_case set owner = @to, is_by_hand = true, escalate_at = coalesce(escalate_at, @now::timestamptz + interval '1 day')
              where partition = @Partition and id = @Id and state <> 'closed' and owner is not distinct from @Owner returning partition, id)
            insert into case_event (partition, case_id, at, kind, person, from_owner, to_owner, reason)
            select g.partition, g.id, @now, @kind, @by, @Owner, @to, @reason from given g
            """,
            new { row.Partition, row.Id, row.Owner, kind, to, by, reason, now = Now }) == 1;
    }

    /// <summary>Moves the deadline of an open case; false where it is closed, or was postponed since it was looked at.</summary>
    public async Task<bool> PostponeAsync(CaseRow row, DateOnly day, long dueMs, string by, string reason)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            """
            with moved as (
              update work_case set due_day = @day, due_at = @due, escalate_at = @due, sort_key = (@keys::bigint[])[grade], postponed = postponed + 1,
                state = 'open'
              where partition = @Partition and id = @Id and state <> 'closed' and postponed = @Postponed returning partition, id)
            insert into case_event (partition, case_id, at, kind, person, reason)
            select m.partition, m.id, @now, 'postponed', @by, @reason from moved m
            """,
            new
            {
                row.Partition,
                row.Id,
                row.Postponed,
                day,
                due = Instants.ToInstant(dueMs).ToUniversalTime(),
                keys = KeysOf(dueMs, new Money(row.Amount_Nano), (CasePriority)row.Priority),
                by,
                reason = $"to {day:yyyy-MM-dd}: {reason}",
                now = Now,
            }) == 1;
    }

    /// <summary>Writes a contact that was made, once per key; false where the key was used for another contact.</summary>
    public async Task<bool> AddContactAsync(CaseRow row, string what, string by, string key)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into case_event (partition, case_id, at, kind, person, reason, key) values (@Partition, @Id, @now, 'contact', @by, @what, @key)
            on conflict (partition, case_id, key) do nothing
            """,
            new { row.Partition, row.Id, what, by, key, now = Now });
        return await connection.ExecuteScalarAsync<string>(
            "select reason from case_event where partition = @Partition and case_id = @Id and key = @key", new { row.Partition, row.Id, key }) == what;
    }

    /// <summary>Says with which code a case ended that its account's log closes.</summary>
    public async Task SetResultAsync(CaseRow row, CaseResult result)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update work_case set result = coalesce(result, @result) where partition = @Partition and id = @Id",
            new { row.Partition, row.Id, result = NameOf(result) });
    }

    /// <summary>Open cases that are late now, with who is responsible for them.</summary>
    public async Task<List<CaseRow>> LateAsync(int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<CaseRow>(
            $"""
            select {Columns}, k.manager, r.chain from work_case c left join account a on a.number = c.account and a.partition = c.partition
            left join contact k on k.partition = c.partition and k.account = c.account left join area r on r.id = c.area
            where c.state <> 'closed' and c.escalate_at < @now order by c.escalate_at limit @take
            """,
            new { take, now = Now })).AsList();
    }

    /// <summary>Takes a late case one person up, or marks that nobody is above; what changed hands since it was looked at waits for the next round.</summary>
    /// <param name="to">The next person and how many up that is; null: it stays.</param>
    /// <param name="againMs">When it goes on; null is never.</param>
    public async Task<bool> EscalateAsync(CaseRow row, (string Person, int Level)? to, long? againMs)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            """
            with late as (
              update work_case set state = 'escalated', owner = coalesce(@person, owner), level = coalesce(@level, level),
                is_by_hand = is_by_hand and @person::text is null, escalate_at = @again
              where partition = @Partition and id = @Id and state <> 'closed' and escalate_at < @now and owner is not distinct from @Owner
              returning partition, id, owner)
            insert into case_event (partition, case_id, at, kind, person, from_owner, to_owner, reason)
            select l.partition, l.id, @now, 'escalated', '', @Owner, l.owner, @reason from late l
            """,
            new
            {
                row.Partition,
                row.Id,
                row.Owner,
                person = to?.Person,
                level = to?.Level,
                again = againMs is { } ms ? Instants.ToInstant(ms).ToUniversalTime() : (DateTimeOffset?)null,
                reason = to is null ? "It is late, and nobody is above." : "It is late.",
                now = Now,
            }) == 1;
    }

    private DateTimeOffset Now => time.GetUtcNow().ToUniversalTime();
}
