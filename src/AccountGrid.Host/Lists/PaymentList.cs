using AccountGrid.Domain;
using AccountGrid.Host.Accounts;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Lists;

/// <summary>
/// Payments of all accounts, the newest first. A payment is in the list a moment after it was answered, when its entry is written; one that was written while a
/// list is read, and is older than the place where the reader stands, is not in the pages that follow.
/// </summary>
internal sealed class PaymentList(NpgsqlDataSource database)
{
    /// <summary>Payments before a place, of accounts or of all, in a span of time.</summary>
    /// <param name="accounts">Numbers; null is all.</param>
    /// <param name="before">Time, partition and position of the last one of the page before.</param>
    public async Task<List<((long AtMs, int Partition, long Position) Place, PaymentListItem Item)>> PageAsync(
        int[]? accounts, long fromMs, long toMs, (long AtMs, int Partition, long Position)? before, int take)
    {
        var (atMs, partition, position) = before ?? (long.MaxValue, 0, 0);
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(long AtMs, int Partition, long Position, string Account, long Nano, long BalanceNano, string? Reference)>(
            $"""
            select e.at_ms, e.partition, e.position, a.id, e.amount_nano, e.balance_nano, e.reference from entry e
              join account a on a.number = e.account and a.partition = e.partition
            where e.kind = 'payment' and e.at_ms >= @fromMs and e.at_ms < @toMs and (e.at_ms, e.partition, e.position) < (@atMs, @partition, @position)
              {(accounts is null ? "" : " and e.account = any(@accounts)")}
            order by e.at_ms desc, e.partition desc, e.position desc limit @take
            """,
            new { accounts, fromMs, toMs, atMs, partition, position, take }))
            .Select(p => ((p.AtMs, p.Partition, p.Position), new PaymentListItem(new PaymentId(p.Partition, p.Position).ToString(), p.Account,
                new Money(p.Nano).ToString(), new Money(p.BalanceNano).ToString(), Instants.ToInstant(p.AtMs), p.Reference))).ToList();
    }
}
