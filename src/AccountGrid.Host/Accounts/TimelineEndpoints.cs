using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Accounts;

/// <summary>What happened to an account.</summary>
internal static class TimelineEndpoints
{
    public static void MapTimeline(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/accounts/{id}/timeline", ReadAsync).WithTags("Accounts").RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Everything that happened to the account, newest first: money, messages, cases, collection, supply, meters, and who did what.")
            .Produces<Page<TimelineRow>>().ProducesProblem(404);

    private static async Task<IResult> ReadAsync(
        string id, string? kind, int? limit, string? cursor, ClaimsPrincipal user, GridDirectory directory, TimelineReader timeline) =>
        kind is not null && !TimelineKinds.All.Contains(kind)
            ? Problems.Of(RequestRefusals.Invalid, $"kind: '{kind}' is not {string.Join(", ", TimelineKinds.All)}.")
        : await directory.FindAccountAsync(id) is { } address
            ? TypedResults.Ok(await timeline.ReadAsync(
                address, kind, user.Role() is { } role && Permissions.Allows(Permissions.Inspect, role), Requests.Limit(limit), cursor))
            : Problems.UnknownAccount(id);
}
