using System.Globalization;
using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Lists;

/// <summary>The list of accounts: each caller sees what is theirs.</summary>
internal static class AccountListEndpoints
{
    public static void MapAccountList(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/accounts", ListAsync).WithTags("Accounts")
        .WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
        .WithSummary("Accounts in the order in which they were registered, by cursor. An area includes the areas below it.")
        .Produces<Page<AccountListItem>>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(422);

    private static async Task<IResult> ListAsync(string? customer, string? area, string? manager, int? limit, string? cursor, ClaimsPrincipal user,
        AccountList list, CustomerList areas)
    {
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("accounts", customer, area, manager));
        var after = ListCursor.Read(cursor, tag, 1) is [var place] ? (int)ListCursor.Number(place) : 0;
        var (filter, refusal) = await FilterAsync(customer, area, manager, user.Role(), user.Scope(), areas);
        return refusal is not null ? Problems.Of(refusal)
            : filter is null ? TypedResults.Ok(new Page<AccountListItem>([], null, false))
            : TypedResults.Ok(Pages.Of(
                await list.PageAsync(filter, after, take + 1), take, a => a.Item,
                a => ListCursor.Of(tag, a.Number.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>What a caller asks for, within what is theirs; a null filter is nothing at all.</summary>
    internal static async Task<(AccountFilter? Filter, Refusal? Refusal)> FilterAsync(
        string? customer, string? area, string? manager, KeyRole? role, string? scope, CustomerList areas)
    {
        if (role is not (KeyRole.Client or KeyRole.Auditor or KeyRole.Administrator or KeyRole.Collector or KeyRole.AccountManager)
            || (role is KeyRole.Collector or KeyRole.AccountManager && string.IsNullOrEmpty(scope)))
        {
            return (null, null);
        }

        if (role == KeyRole.AccountManager)
        {
            if (manager is not null && manager != scope)
            {
                return (null, null);
            }

            manager = scope;
        }

        var own = role == KeyRole.Collector ? await areas.WithinAsync(scope!) : null;
        own = own is { Length: 0 } ? [scope!] : own;
        var within = area is null ? own : await areas.WithinAsync(area) is { Length: > 0 } below ? below : [area];
        return own is not null && area is not null && !own.Contains(area)
            ? (null, new(RegistryRefusals.AreaNotOwn, $"area: '{area}' is not an area of this key."))
            : (new(customer, within, manager), null);
    }
}
