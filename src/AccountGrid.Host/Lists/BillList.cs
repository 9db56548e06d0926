using AccountGrid.Domain;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Lists;

/// <summary>Bills of all accounts, the latest last day of a period first.</summary>
internal sealed class BillList(NpgsqlDataSource database)
{
    /// <summary>Bills behind a place, of accounts or of all, whose periods end in a span of days.</summary>
    /// <param name="accounts">Numbers; null is all.</param>
    /// <param name="before">Last day, partition and id of the last one of the page before.</param>
    public async Task<List<((DateOnly To, int Partition, string Id) Place, BillListItem Item)>> PageAsync(
        int[]? accounts, DateOnly from, DateOnly to, (DateOnly To, int Partition, string Id)? before, int take)
    {
        var (day, partition, id) = before ?? (DateOnly.MaxValue, 0, "");
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(int Partition, string Id, string Account, DateOnly From, DateOnly To, DateOnly? Due, long Nano, bool Written)>(
            $"""
            select b.partition, b.id, a.id, b.from_day, b.to_day, b.due_day, b.amount_nano, b.document is not null from bill b
              join account a on a.number = b.account and a.partition = b.partition
            where b.to_day >= @from and b.to_day <= @to and (b.to_day, b.partition, b.id) < (@day, @partition, @id)
              {(accounts is null ? "" : " and b.account = any(@accounts)")}
            order by b.to_day desc, b.partition desc, b.id desc limit @take
            """,
            new { accounts, from, to, day, partition, id, take }))
            .Select(b => ((b.To, b.Partition, b.Id), new BillListItem(b.Id, b.Account, b.From, b.To, b.Due, new Money(b.Nano).ToString(), b.Written))).ToList();
    }
}
