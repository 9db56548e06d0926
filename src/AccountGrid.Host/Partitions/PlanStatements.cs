using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>How payment plans are: a row for each, which finds its event. What was agreed stands in the event alone.</summary>
internal static class PlanStatements
{
    public static void Add(NpgsqlBatch batch, List<(int Partition, EventEffect Event)> all)
    {
        var agreed = all.FindAll(e => e.Event.Event is PlanAgreed);
        if (agreed.Count > 0)
        {
            batch.BatchCommands.Add(Statements.Of(
                """
                insert into payment_plan (partition, position, sequence, account, agreed_ms)
                select * from unnest($1::int[], $2::bigint[], $3::int[], $4::int[], $5::bigint[]) on conflict do nothing
                """,
                agreed.Select(e => e.Partition).ToArray(), agreed.Select(e => e.Event.Position).ToArray(), agreed.Select(e => e.Event.Sequence).ToArray(),
                agreed.Select(e => e.Event.Account).ToArray(), agreed.Select(e => e.Event.AtMs).ToArray()));
        }

        var ended = all.FindAll(e => StateOf(e.Event.Event) is not null);
        if (ended.Count > 0)
        {
            // An account has one plan at a time: the first end behind it is its own.
            batch.BatchCommands.Add(Statements.Of(
                """
                update payment_plan p set state = e.state, ended_ms = e.at_ms
                from (select distinct on (o.partition, o.position) o.partition, o.position, u.state, u.at_ms
                  from unnest($1::int[], $2::bigint[], $3::int[], $4::text[], $5::bigint[]) as u(partition, position, account, state, at_ms)
                  join payment_plan o on o.partition = u.partition and o.account = u.account and o.state = 'open' and o.position <= u.position
                  order by o.partition, o.position, u.position) e
                where p.partition = e.partition and p.position = e.position
                """,
                ended.Select(e => e.Partition).ToArray(), ended.Select(e => e.Event.Position).ToArray(), ended.Select(e => e.Event.Account).ToArray(),
                ended.Select(e => StateOf(e.Event.Event)!).ToArray(), ended.Select(e => e.Event.AtMs).ToArray()));
        }
    }

    private static string? StateOf(AccountEvent happened) => happened switch
    {
        PlanFulfilled => "fulfilled",
        PlanBroken => "broken",
        PlanCancelled => "cancelled",
        _ => null,
    };
}
