using System.Globalization;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Security;

internal static class AuditEndpoints
{
    private static readonly string[] Methods = ["POST", "PUT", "DELETE", "GET"];

    public static void MapAuditTrail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/accounts/{id}/audit", OfAccountAsync).WithTags("Operations").RequireAuthorization(Permissions.Inspect)
            .WithSummary("Who did what to the account, newest first.").Produces<Page<AuditedAnswer>>();
        routes.MapGet("/v1/audit", OfGridAsync).WithTags("Operations").RequireAuthorization(Permissions.Inspect)
            .WithSummary("Who did what to the grid itself, newest first.").Produces<Page<AuditedAnswer>>();
        routes.MapGet("/v1/audit/trail", SearchAsync).WithTags("Operations").RequireAuthorization(Permissions.Inspect)
            .WithSummary("What people did, newest first, by person, method, beginning of the path and time. Of one account, or of the grid itself, "
                + "what programs did, too.")
            .WithDescription($"A page looks at {AuditReader.SeenMax:#,0} rows at most. It can be short, or empty, and more follow: hasMore says so.")
            .Produces<Page<AuditedAnswer>>().ProducesProblem(400);
    }

    private static Task<IResult> OfAccountAsync(string id, int? limit, string? cursor, AuditReader reader) => ListAsync(id, limit, cursor, reader);

    private static Task<IResult> OfGridAsync(int? limit, string? cursor, AuditReader reader) => ListAsync("", limit, cursor, reader);

    private static async Task<IResult> ListAsync(string account, int? limit, string? cursor, AuditReader reader)
    {
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("audit of", account));
        long? before = ListCursor.Read(cursor, tag, 1) is [var number] ? ListCursor.Number(number) : null;
        return TypedResults.Ok(Pages.Of(
            await reader.OfAccountAsync(account, before, take + 1), take, r => ListCursor.Of(tag, r.Sequence.ToString(CultureInfo.InvariantCulture))));
    }

    private static async Task<IResult> SearchAsync(
        string? person, string? account, bool? grid, string? method, string? path, DateTimeOffset? from, DateTimeOffset? to, int? limit, string? cursor,
        AuditReader reader)
    {
        IResult No(string detail) => Problems.Of(RequestRefusals.Invalid, detail);
        if (method is not null && !Methods.Contains(method))
        {
            return No($"method: '{method}' is not one of {string.Join(", ", Methods)}.");
        }

        if (grid == true && account is not null)
        {
            return No("grid: rows of an account and rows of the grid exclude each other; send account or grid.");
        }

        if (to <= from)
        {
            return No($"to: {to:O} is not after from.");
        }

        var filter = new AuditFilter(person, grid == true ? "" : account, method, path, from, to);
        var tag = ListCursor.Tag("audit", filter.Person, filter.Account, method, path, from?.ToString("O", CultureInfo.InvariantCulture),
            to?.ToString("O", CultureInfo.InvariantCulture));
        var (rows, next) = await reader.ReadAsync(filter, PlaceOf(ListCursor.Read(cursor, tag, 3)), Requests.Limit(limit));
        return TypedResults.Ok(new Page<AuditedAnswer>(
            rows,
            next is null
                ? null
                : ListCursor.Of(tag, next.At.UtcTicks.ToString(CultureInfo.InvariantCulture), next.Account,
                    next.Sequence.ToString(CultureInfo.InvariantCulture)),
            next is not null));
    }

    private static AuditPlace? PlaceOf(string[]? place)
    {
        if (place is null)
        {
            return null;
        }

        var ticks = ListCursor.Number(place[0]);
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new(new DateTimeOffset(ticks, TimeSpan.Zero), place[1], ListCursor.Number(place[2]))
            : throw new BadHttpRequestException("cursor: it is not one that an earlier page of the same list gave.");
    }
}
