using AccountGrid.Host.Http;

namespace AccountGrid.Host.Grades;

/// <summary>What customers will have used.</summary>
internal static class OutlookEndpoints
{
    public static void MapOutlook(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/customers/{id}/outlook", GetAsync).WithTags("Customers").RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Forecast of the running month from the customer's own days, beside last year and contract demand, and whether use has fallen.")
            .Produces<OutlookAnswer>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);

    private static async Task<IResult> GetAsync(string id, OutlookReader outlook) => await outlook.ReadAsync(id) is { } found
        ? TypedResults.Ok(found)
        : Problems.Of(RegistryRefusals.CustomerUnknown, $"id: there is no customer '{id}'.");
}
