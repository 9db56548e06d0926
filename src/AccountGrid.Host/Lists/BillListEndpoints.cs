using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Lists;

/// <summary>The list of bills over all accounts.</summary>
internal static class BillListEndpoints
{
    private const string DayFormat = "yyyy-MM-dd";

    public static void MapBillList(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/bills", ListAsync).WithTags("Bills")
        .RequireAuthorization(Permissions.QueryAll)
        .WithSummary("Bills of one account, of a customer's accounts or of all, by the last day of their periods, the latest first, by cursor.")
        .Produces<Page<BillListItem>>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);

    private static async Task<IResult> ListAsync(string? account, string? customer, DateOnly? from, DateOnly? to, int? limit, string? cursor, BillList list,
        AccountsOf accounts)
    {
        if (from > to)
        {
            return Problems.Of(RequestRefusals.Invalid, $"from: {Text(from!.Value)} is after to: {Text(to!.Value)}.");
        }

        var (of, refusal) = await accounts.FindAsync(account, customer);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var (first, last) = (from ?? DateOnly.MinValue, to ?? DateOnly.MaxValue);
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("bills", account, customer, Text(first), Text(last)));
        (DateOnly, int, string)? before = null;
        if (ListCursor.Read(cursor, tag, 3) is [var day, var partition, var id])
        {
            before = JsonInput.IsDay(day)
                ? (DateOnly.ParseExact(day, DayFormat, CultureInfo.InvariantCulture), (int)ListCursor.Number(partition), id)
                : throw new BadHttpRequestException("cursor: it is not one that an earlier page of the same list gave.");
        }

        return TypedResults.Ok(Pages.Of(await list.PageAsync(of, first, last, before, take + 1), take, b => b.Item, b => ListCursor.Of(
            tag, Text(b.Place.To), b.Place.Partition.ToString(CultureInfo.InvariantCulture), b.Place.Id)));
    }

    private static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
