using System.Globalization;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Lists;

/// <summary>The list of payments.</summary>
internal static class PaymentListEndpoints
{
    public static void MapPaymentList(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/payments", ListAsync).WithTags("Accounts")
        .RequireAuthorization(Permissions.QueryAll).WithSummary("Payments of one account, of a customer's accounts or of all, the newest first, by cursor.")
        .Produces<Page<PaymentListItem>>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);

    private static async Task<IResult> ListAsync(string? account, string? customer, DateTimeOffset? from, DateTimeOffset? to, int? limit, string? cursor,
        PaymentList list, AccountsOf accounts)
    {
        var (of, refusal) = await accounts.FindAsync(account, customer);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var (fromMs, toMs) = (from?.ToUnixTimeMilliseconds() ?? 0, to?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("payments", account, customer, $"{fromMs}", $"{toMs}"));
        (long, int, long)? before = ListCursor.Read(cursor, tag, 3) is [var at, var partition, var position]
            ? (ListCursor.Number(at), (int)ListCursor.Number(partition), ListCursor.Number(position))
            : null;
        return TypedResults.Ok(Pages.Of(await list.PageAsync(of, fromMs, toMs, before, take + 1), take, p => p.Item, p => ListCursor.Of(
            tag, Number(p.Place.AtMs), Number(p.Place.Partition), Number(p.Place.Position))));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
