using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Accounts;

/// <summary>What an account has used.</summary>
internal static class ConsumptionEndpoints
{
    public static void MapConsumption(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/accounts/{id}/consumption", ReadAsync).WithTags("Accounts").RequireAuthorization(Permissions.Query)
            .WithSummary("Charged energy by day, hour or period, of up to 366 days, or 7 for hours.").Produces<ConsumptionAnswer>()
            .ProducesProblem(404).ProducesProblem(422);

    private static async Task<IResult> ReadAsync(string id, string? by, DateOnly? from, DateOnly? to, GridDirectory directory, ConsumptionReader reader)
    {
        if (by is not (null or "day" or "hour" or "period"))
        {
            return Problems.Of(RequestRefusals.Invalid, $"by: '{by}' is not day, hour or period.");
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        var (answer, refusal) = await reader.ReadAsync(address, by ?? "day", from, to);
        return refusal is not null ? Problems.Of(refusal) : answer is null ? Problems.UnknownAccount(id) : TypedResults.Ok(answer);
    }
}
