using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// One text for everything that an operator may have in hand. A search can hold a person's name: it is a body and no address, and is in the audit trail.
/// </summary>
internal static class SearchEndpoints
{
    private const int TextMax = 128;

    /// <summary>Hits of a kind; one more is looked for, to say that there are more.</summary>
    private const int KindMax = 10;

    /// <summary>Whether the account <c>a</c> is the caller's: an area with the areas below it, or a manager.</summary>
    private const string Own = """
        (@area::text is null and @manager::text is null or exists (select from contact o where o.partition = a.partition and o.account = a.number
          and (@area::text is null or is_in_area(o.area, @area)) and (@manager::text is null or o.manager = @manager)))
        """;

    private const string Accounts = $"""
        select 'account' kind, a.id, a.id account, '' text from account a
        where a.id >= @text and a.id <= @text || U&'\FFFF' and starts_with(a.id, @text) and {Own} order by a.id limit @take
        """;

    private const string Meters = $"""
        select 'meter' kind, m.id, a.id account, coalesce(a.id, '') text from meter m left join account a on a.number = m.account
        where m.id >= @text and m.id <= @text || U&'\FFFF' and starts_with(m.id, @text) and m.installed and {Own} order by m.id limit @take
        """;

    private const string Cases = $"""
        select 'case' kind, w.id, a.id account, w.kind || ' ' || w.state text from account a join work_case w on w.partition = a.partition
          and w.account = a.number
        where a.number = @number and w.id = @text and {Own} limit @take
        """;

    private const string Messages = $"""
        select 'message' kind, n.id, a.id account, n.kind || ' ' || n.state text from account a join outbox n on n.partition = a.partition
          and n.account = a.number
        where a.number = @number and n.id = @text and {Own} limit @take
        """;

    private const string Payments = $"""
        select 'payment' kind, @text id, a.id account, e.kind text from entry e join account a on a.number = e.account
        where e.partition = @partition and e.position = @position and {Own} order by e.sequence limit 1
        """;

    private const string Transactions = $"""
        select 'payment' kind, p.channel || ' ' || p.txn id, a.id account, p.status text
        from (select distinct id from payment_channel) c join channel_payment p on p.channel = c.id and p.txn = @text left join account a on a.id = p.account
        where {Own} limit @take
        """;

    /// <summary>By keys of sealed numbers and addresses, for those who work with them.</summary>
    private const string Contacts = $"""
        select 'contact' kind, a.id, a.id account, coalesce(o.customer, '') text
        from contact k join account a on a.partition = k.partition and a.number = k.account left join customer_account o on o.account = a.number
        where k.channels @> @filter::jsonb and {Own} limit @take
        """;

    private const string CustomerContacts = """
        select 'contact' kind, c.id, null account, c.name text from customer c
        where c.contact @> @filter::jsonb and not exists (select from customer_account o where o.customer = c.id)
          and (@area::text is null or is_in_area(c.area, @area)) and (@manager::text is null or c.manager = @manager) limit @take
        """;

    /// <summary>
    /// Customers by name and by id. Each part ends after what is shown, by an index in its order: a surname is that of tens of thousands. Of an area each area
    /// in it is read so; its rows are compared as pairs, so that no index without the area fits.
    /// </summary>
    internal static string CustomersOf(bool isInArea)
    {
        const string End = "|| U&'\\+10FFFF'";
        string Part(string column, string text, string order)
        {
            const string Read = "select c.id, c.name, c.name_key, c.area from customer c where";
            return isInArea
                ? $"""
                    (select c.* from area a cross join lateral (
                        {Read} (c.area, c.{column}) >= (a.id, {text}) and (c.area, c.{column}) < (a.id, {text} {End}) order by c.area, {order} limit @take) c
                      where a.id = @area or @area = any(a.path) order by {order} limit @take)
                    """
                : $"""
                    ({Read} c.{column} >= {text} and c.{column} < {text} {End} and (@manager::text is null or c.manager = @manager)
                      order by {order} limit @take)
                    """;
        }

        return $"""
            select 'customer' kind, c.id, (select min(a.id) from customer_account o join account a on a.number = o.account where o.customer = c.id) account,
              c.name || coalesce(', ' || c.area, '') text
            from ({Part("name_key", "@key", "c.name_key, c.id")} union {Part("id", "@text", "c.id")}) c order by c.name_key, c.id limit @take
            """;
    }

    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/search", SearchAsync).WithTags("Search").WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Finds accounts, meters, customers, cases, messages and payments by id or name; for those who see them, by number or address, too.")
            .Produces<SearchAnswer>().ProducesProblem(422);

    private static async Task<IResult> SearchAsync(SearchRequest body, ClaimsPrincipal user, NpgsqlDataSource database, ContactKeys contacts)
    {
        var text = body.Text.Trim();
        if (text.Length is 0 or > TextMax || Requests.CheckText("text", text) is not null)
        {
            return Problems.Of(RequestRefusals.TextInvalid, $"text: it has {text.Length} characters; 1 to {TextMax} printable ones are needed.");
        }

        var payment = PaymentId.Parse(text);
        var parameters = new
        {
            text,
            key = CustomerStore.KeyOf(text),
            number = DerivedId.AccountOf(text),
            partition = payment?.Partition ?? -1,
            position = payment?.Position ?? -1,
            area = user.Role() == KeyRole.Collector ? user.Scope() : null,
            manager = user.Role() == KeyRole.AccountManager ? user.Scope() : null,
            take = KindMax + 1,
            filter = user.SeesContacts() ? contacts.FilterOf(text) : null,
        };
        string[] searches = [Accounts, Meters, CustomersOf(parameters.area is not null), Cases, Messages, Payments, Transactions];
        var sql = string.Join(" union all ",
            searches.Concat(parameters.filter is null ? [] : new[] { Contacts, CustomerContacts }).Select(s => $"({s})"));
        await using var connection = await database.OpenConnectionAsync();
        var found = (await connection.QueryAsync<(string Kind, string Id, string? Account, string Text)>(sql, parameters))
            .Select(h => new SearchHit(h.Kind, h.Id, h.Account, h.Text)).ToList();
        return TypedResults.Ok(new SearchAnswer(
            [.. found.GroupBy(h => h.Kind).SelectMany(g => g.Take(KindMax))],
            [.. found.GroupBy(h => h.Kind).Where(g => g.Count() > KindMax).Select(g => g.Key)]));
    }
}
