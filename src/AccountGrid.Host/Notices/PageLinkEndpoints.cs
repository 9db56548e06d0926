using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Notices;

/// <summary>Links of customers' pages, made and ended by staff.</summary>
internal static class PageLinkEndpoints
{
    public static void MapPageLinks(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/accounts/{id}/page-links").WithTags("Customers").RequireAuthorization(Permissions.Collect)
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        g.MapPost("", MakeAsync).WithSummary("Makes a link that opens the customer's page for a day, to be given to the customer; the answer alone has it.")
            .Produces<PageLinkAnswer>(201).ProducesProblem(409);
        g.MapDelete("", EndAsync).WithSummary("Ends all links of the customer's page that were made until now.").Produces(204);
    }

    private static async Task<IResult> MakeAsync(string id, GridDirectory directory, PageLinks links, PageLinkStore store, TimeProvider time)
    {
        if (!links.IsOn)
        {
            return Problems.Of(CustomerRefusals.PageOff, "Customers have no page here: Notices__CustomerPageUrl is not set.");
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        var token = new PageToken(address.Number, await store.GenerationAsync(address), time.GetUtcNow().ToUnixTimeMilliseconds(), IsOfStaff: true);
        return TypedResults.Json(new PageLinkAnswer(links.Of(token), links.EndOf(token)), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> EndAsync(string id, GridDirectory directory, PageLinkStore store)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        await store.EndAsync(address);
        return TypedResults.NoContent();
    }
}
