using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Customers;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Cases;

/// <summary>
/// Gives open cases to whoever is responsible by the assignments of today. What a person took or was given by hand stays with that person. Each move has a
/// row in the case's history; a case that nobody is responsible for has no owner, and is listed so.
/// </summary>
internal static class CaseMover
{
    /// <summary>Moves what has to be moved.</summary>
    /// <param name="accounts">Only cases of these accounts; null is all cases.</param>
    /// <param name="by">Who changed what decides about it; empty is the grid itself, on the day of an assignment.</param>
    /// <returns>How many cases have another owner.</returns>
    public static Task<int> MoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int[]? accounts, string by, string why, DateTimeOffset now) =>
        connection.ExecuteAsync(
            """
            with wanted as (
              select c.partition, c.id, c.owner, coalesce(k.area, c.area) as area, case_owner(k.manager, r.chain, c.level) as person from work_case c
              left join contact k on k.partition = c.partition and k.account = c.account left join area r on r.id = coalesce(k.area, c.area)
              where c.state <> 'closed' and (@accounts::int[] is null or c.account = any(@accounts))),
            moved as (
              update work_case c set area = w.area, owner = case when c.is_by_hand then c.owner else w.person end,
                escalate_at = coalesce(c.escalate_at, @now::timestamptz + interval '1 day')
              from wanted w where c.partition = w.partition and c.id = w.id and c.state <> 'closed'
                and (c.area is distinct from w.area or (not c.is_by_hand and c.owner is distinct from w.person))
              returning c.partition, c.id, w.owner as before, c.owner as after)
            insert into case_event (partition, case_id, at, kind, person, from_owner, to_owner, reason)
            select m.partition, m.id, @now, 'moved', @by, m.before, m.after, @why from moved m where m.before is distinct from m.after
            """,
            new { accounts, by, why, now = now.ToUniversalTime() }, transaction, commandTimeout: 120);

    /// <summary>Open cases of accounts go to where the grade of the accounts' customer puts them now; without a customer that is grade B.</summary>
    public static Task<int> SortAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int[] accounts) => connection.ExecuteAsync(
        """
        update work_case w set grade = g.grade, sort_key = w.sort_key + (@shifts::bigint[])[w.grade] - (@shifts::bigint[])[g.grade]
        from (
          select a.number, a.partition, coalesce(c.grade, 2::smallint) as grade from account a
          left join customer_account o on o.account = a.number left join customer c on c.id = o.customer where a.number = any(@accounts)) g
        where w.partition = g.partition and w.account = g.number and w.state <> 'closed' and w.grade <> g.grade
        """,
        new { accounts, shifts = Enum.GetValues<RiskGrade>().Select(CaseUrgency.ShiftOf).ToArray() }, transaction);
}
