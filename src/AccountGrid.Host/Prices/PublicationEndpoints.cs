using System.Security.Claims;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Prices;

/// <summary>Publishing versions of products and policy packs with a second person.</summary>
internal static class PublicationEndpoints
{
    private static readonly string[] Kinds = ["tariff", "policy", Publications.Withdrawal];

    public static void MapPublications(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/publications", AskAsync).WithTags("Tariffs").RequireAuthorization(Permissions.Administer)
            .WithSummary("Asks for a version of a product or policy pack to be published, or for one to be withdrawn; a second person agrees by /v1/approvals. "
                + "With dryRun it says what would change.")
            .Produces<PublicationAnswer>().Produces<ApprovalAnswer>(202).ProducesProblem(409).ProducesProblem(422);

    private static async Task<IResult> AskAsync(
        PublicationRequest body, ClaimsPrincipal user, HttpContext http, Publications publications, Approvals approvals)
    {
        if ((Wrong(body) ?? Requests.CheckText("reason", body.Reason)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var (answer, refusal) = await publications.CheckAsync(body.Kind, body.Definition);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        if (body.DryRun)
        {
            return TypedResults.Ok(answer);
        }

        return Requests.CheckKey(http, out var key) is { } missing
            ? Problems.Of(missing)
            : await approvals.AskOfGridAsync(
                PublicationApproval.ApprovalKind,
                new PublicationApproval(body.Kind, answer!.Id, answer.Version, answer.FirstDay, body.Reason, body.Definition), user.Person(), key);
    }

    private static Refusal? Wrong(PublicationRequest body) =>
        !Kinds.Contains(body.Kind) ? new(RequestRefusals.ValueInvalid, $"kind: '{body.Kind}' is not one of {string.Join(", ", Kinds)}.")
        : body.Definition.ValueKind != JsonValueKind.Object ? new(RequestRefusals.ValueInvalid, $"definition: it is no JSON object.")
        : string.IsNullOrWhiteSpace(body.Reason) ? new(RequestRefusals.TextInvalid, "reason: it is empty; say why it is published.")
        : null;
}
