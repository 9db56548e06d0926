using Dapper;
using Npgsql;

namespace AccountGrid.Host.Lists;

/// <summary>
/// Meters by account, those that are on none first, and then in the order in which they were registered. A meter is in the list, and on its account, a moment
/// after that was answered, when its row is written. One that moves while a list is read may be in it twice, or not at all.
/// </summary>
internal sealed class MeterList(NpgsqlDataSource database)
{
    /// <summary>Beyond so many areas their accounts are most of all: the order of accounts is read, and what is elsewhere is left out.</summary>
    private const int AreasApartMax = 200;

    private const string Behind = "m.installed and m.account >= @account and (m.account > @account or m.number > @number)";

    /// <summary>Meters behind a place, with their places.</summary>
    public async Task<List<(int Account, int Number, MeterListItem Item)>> PageAsync(MeterFilter filter, (int Account, int Number) after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(int Account, int Number, string Id, string Gateway, string? AccountId, short Rates)>(
            $"""
            select m.account, m.number, m.id, g.id, a.id, m.rate_registers from ({Inner(filter)}) n join meter m on m.number = n.number
              join gateway g on g.number = m.gateway left join account a on a.number = m.account
            order by m.account, m.number limit @take
            """,
            new { of = filter.Account, filter.Gateway, filter.Areas, filter.Manager, account = after.Account, number = after.Number, take }))
            .Select(m => (m.Account, m.Number, new MeterListItem(m.Id, m.Gateway, m.AccountId, m.Rates))).ToList();
    }

    private static string Inner(MeterFilter f)
    {
        var where = (f.Account is null ? "" : " and m.account = (select number from account where id = @of)")
            + (f.Gateway is null ? "" : " and m.gateway = (select number from gateway where id = @Gateway)");
        const string Order = "order by m.account, m.number limit @take";
        return f switch
        {
            { Areas: null, Manager: null } => $"select m.number from meter m where {Behind}{where} {Order}",
            { Manager: null, Areas.Length: <= AreasApartMax } => $"""
                select m.account, m.number from unnest(@Areas) as x(area) cross join lateral (select k.partition, m.account, m.number from contact k
                  join meter m on m.account = k.account where k.area = x.area and k.account >= @account and {Behind}{where}
                  order by k.account, m.number limit @take) m {Order}
                """,
            _ => $"""
                select k.partition, m.number from contact k join meter m on m.account = k.account
                where k.account >= @account and {Behind}{where}{(f.Manager is null ? "" : " and k.manager = @Manager")}
                  {(f.Areas is null ? "" : " and k.area = any(@Areas)")} order by k.account, m.number limit @take
                """,
        };
    }
}
