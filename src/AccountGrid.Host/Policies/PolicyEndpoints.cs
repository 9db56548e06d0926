using AccountGrid.Domain.Policies;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Policies;

internal static class PolicyEndpoints
{
    public static void MapPolicies(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/policies").WithTags("Policies").ProducesProblem(401);
        g.MapPost("/", RegisterAsync).RequireAuthorization(Permissions.Administer).Accepts<PolicyDefinition>("application/json")
            .WithSummary("Registers a policy pack's version; a version never changes.").Produces<PolicyAnswer>(201).ProducesProblem(409).ProducesProblem(422);
        g.MapGet("/", ListAsync).RequireAuthorization(Permissions.Query).WithSummary("All versions of all packs.").Produces<Page<PolicyAnswer>>();
    }

    private static async Task<IResult> RegisterAsync(HttpRequest request, PolicyCatalog policies, PublishingRule rule, CancellationToken cancel)
    {
        if (rule.RefuseOne("policy") is { } one)
        {
            return Problems.Of(one);
        }

        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var (policy, created, problems) = await policies.RegisterAsync(await reader.ReadToEndAsync(cancel));
        if (policy is null)
        {
            return Problems.Of(problems[0].Code, string.Join(" ", problems.Select(p => p.Detail)));
        }

        return created ? TypedResults.Created("/v1/policies", Of(policy)) : TypedResults.Ok(Of(policy));
    }

    private static async Task<IResult> ListAsync(int? limit, string? cursor, PolicyCatalog policies)
    {
        await policies.LoadAllAsync();
        return TypedResults.Ok(Pages.OfShort<PolicyAnswer>([.. policies.All.Select(Of)], limit, cursor, p => $"{p.Id} {p.Version}"));
    }

    private static PolicyAnswer Of(Policy p) => new(p.Definition.Id, p.Definition.Version, Domain.Instants.DayToText(p.Definition.EffectiveFrom.DayNumber),
        p.Definition.Currency, p.Hash, p.Definition);
}
