using System.Globalization;
using System.Security.Claims;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Lists;

/// <summary>The list of meters: a caller with a scope sees those on accounts of their own.</summary>
internal static class MeterListEndpoints
{
    public static void MapMeterList(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/meters", ListAsync).WithTags("Meters")
        .WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
        .WithSummary("Installed meters by account, those on no account first, by cursor. GET /v1/meters/{id} has a meter's registers.")
        .Produces<Page<MeterListItem>>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(422);

    private static async Task<IResult> ListAsync(string? account, string? gateway, string? area, string? manager, int? limit, string? cursor,
        ClaimsPrincipal user, MeterList list, CustomerList areas)
    {
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("meters", account, gateway, area, manager));
        var after = ListCursor.Read(cursor, tag, 2) is [var of, var number] ? ((int)ListCursor.Number(of), (int)ListCursor.Number(number)) : (-1, 0);
        var (filter, refusal) = await AccountListEndpoints.FilterAsync(null, area, manager, user.Role(), user.Scope(), areas);
        return refusal is not null ? Problems.Of(refusal)
            : filter is null ? TypedResults.Ok(new Page<MeterListItem>([], null, false))
            : TypedResults.Ok(Pages.Of(
                await list.PageAsync(new(account, gateway, filter.Areas, filter.Manager), after, take + 1), take, m => m.Item,
                m => ListCursor.Of(tag, m.Account.ToString(CultureInfo.InvariantCulture), m.Number.ToString(CultureInfo.InvariantCulture))));
    }
}
