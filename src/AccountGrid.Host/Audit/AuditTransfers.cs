using AccountGrid.Domain;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Transfers between accounts, one by one: what left a float or suspense account is a payment elsewhere or came back, and nothing came that did not leave.
/// </summary>
internal static class AuditTransfers
{
    /// <summary>What differs; nothing where each has its other end. Only a grid at rest can be asked: else a transfer may be on its way.</summary>
    public static async Task<IEnumerable<string>> CompareAsync(NpgsqlConnection connection)
    {
        const string Sql = """
            with told as materialized (
              select account, event, event->>'type' as type from account_event
              where event->>'type' in ('money-transferred', 'payment-taken', 'transfer-returned', 'payment-reversed')),
            left_ as (
              select account as source, event->'transfer'->>'reference' as reference, (event->'transfer'->>'amountNano')::bigint as nano from told
              where type = 'money-transferred'),
            came as (
              select (event->'from'->>'account')::int, event->>'reference', (event->>'amountNano')::bigint from told
              where type = 'payment-taken' and event ? 'from'
              union all
              select account, event->>'reference', (event->>'amountNano')::bigint from told
              where type = 'transfer-returned' and (event->>'isRefused')::boolean),
            reversed as (
              select (event->'returnTo'->>'account')::int as source, null::text, (event->>'amountNano')::bigint from told
              where type = 'payment-reversed' and event ? 'returnTo'),
            given_back as (
              select account, null::text, (event->>'amountNano')::bigint from told
              where type = 'transfer-returned' and not (event->>'isRefused')::boolean)
            select 'a transfer that arrived nowhere' as what, * from (select * from left_ except all select * from came) a
            union all select 'a transfer that never left', * from (select * from came except all select * from left_) b
            union all select 'a reversed sale that did not come back', * from (select * from reversed except all select * from given_back) c
            union all select 'a reversed sale that came back twice', * from (select * from given_back except all select * from reversed) d
            """;
        var found = await connection.QueryAsync<(string What, int Source, string? Reference, long Nano)>(Sql, commandTimeout: 0);
        return found.Select(f => $"account {f.Source}: {f.What}, of {new Money(f.Nano)}{(f.Reference is null ? "" : $" with the reference '{f.Reference}'")}");
    }
}
