using Dapper;
using Npgsql;

namespace AccountGrid.Host.Lists;

/// <summary>
/// Accounts by the numbers that they are given when their registration begins. One whose registration ends while the list is read may not be in it, and one
/// whose registration failed on the way, and was not sent again, is. Each filter reads an index in that order, for each of a few areas by itself, so that a
/// page costs the rows that it shows and not those of all accounts.
/// </summary>
internal sealed class AccountList(NpgsqlDataSource database)
{
    /// <summary>Beyond so many areas their accounts are most of all: the order of registration is read, and what is elsewhere is left out.</summary>
    private const int AreasApartMax = 200;

    /// <summary>Accounts behind a number; with their numbers, by which the next page begins.</summary>
    public async Task<List<(int Number, AccountListItem Item)>> PageAsync(AccountFilter filter, int after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(int Number, string Id, string? Customer, string? Area, string? Manager, DateTime At)>(
            $"""
            select a.number, a.id, o.customer, k.area, k.manager, a.created_at from ({Inner(filter)}) n join account a on a.number = n.account
              left join contact k on k.partition = a.partition and k.account = a.number left join customer_account o on o.account = a.number
            order by a.number limit @take
            """,
            new { filter.Customer, filter.Areas, filter.Manager, after, take }))
            .Select(a => (a.Number, new AccountListItem(a.Id, a.Customer, a.Area, a.Manager, new DateTimeOffset(a.At)))).ToList();
    }

    /// <summary>Numbers of the accounts of a page. The company's own books have a slash in their ids.</summary>
    private static string Inner(AccountFilter f)
    {
        const string Contact = "join contact k on k.partition = a.partition and k.account = a.number";
        var looked = (f.Areas is null ? "" : " and k.area = any(@Areas)") + (f.Manager is null ? "" : " and k.manager = @Manager");
        var contact = looked.Length == 0 ? "" : Contact;
        return f switch
        {
            { Customer: not null } => $"""
                select o.account from customer_account o join account a on a.number = o.account {contact}
                where o.customer = @Customer and o.account > @after{looked} order by o.account limit @take
                """,
            { Manager: not null } => $"""
                select k.partition, k.account from contact k where k.manager = @Manager and k.account > @after
                {(f.Areas is null ? "" : " and k.area = any(@Areas)")} order by k.account limit @take
                """,
            { Areas.Length: <= AreasApartMax } => """
                select u.account from unnest(@Areas) as x(area) cross join lateral (select k.partition, k.account from contact k
                  where k.area = x.area and k.account > @after order by k.account limit @take) u order by u.account limit @take
                """,
            _ => $"""
                select a.number as account from account a {contact} where a.number > @after and strpos(a.id, '/') = 0{looked} order by a.number limit @take
                """,
        };
    }
}
