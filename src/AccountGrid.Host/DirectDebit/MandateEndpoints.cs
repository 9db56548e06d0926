using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Mandates of an account.</summary>
internal static class MandateEndpoints
{
    private static readonly string[] States = ["active", "suspended", "cancelled"];

    public static void MapMandates(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/accounts/{id}/mandates").WithTags("Direct debit").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        g.MapGet("", ListAsync).RequireAuthorization(Permissions.Query).WithSummary("Mandates of an account, the latest signature first.")
            .Produces<Page<MandateAnswer>>();
        g.MapGet("/{mandate}", GetAsync).RequireAuthorization(Permissions.Query).WithSummary("A mandate.").Produces<MandateAnswer>();
        g.MapPut("/{mandate}", RegisterAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Registers a mandate for direct debit. Its id is unique for ever, and it never changes.").Produces<MandateAnswer>()
            .Produces<MandateAnswer>(201).ProducesProblem(409).ProducesProblem(422);
        g.MapPost("/{mandate}/state", ChangeAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Suspends, resumes or cancels a mandate; one that is cancelled stays so.").Produces<MandateAnswer>().ProducesProblem(409)
            .ProducesProblem(422);
    }

    private static async Task<IResult> ListAsync(
        string id, int? limit, string? cursor, GridDirectory directory, MandateStore store, Mandates mandates) =>
        await directory.FindAccountAsync(id) is { } address
            ? TypedResults.Ok(
                Pages.OfShort((await store.OfAccountAsync(address.Partition, address.Number)).ConvertAll(mandates.Show), limit, cursor, m => m.Id))
            : Problems.UnknownAccount(id);

    private static async Task<IResult> GetAsync(string id, string mandate, MandateStore store, Mandates mandates) =>
        await FindAsync(id, mandate, store) is { } row ? TypedResults.Ok(mandates.Show(row)) : Unknown(mandate);

    private static async Task<IResult> RegisterAsync(string id, string mandate, MandateRequest body, ClaimsPrincipal user, Mandates mandates)
    {
        var (answer, created, refusal) = await mandates.RegisterAsync(id, mandate, body, user.Person());
        return refusal is not null ? Problems.Of(refusal)
            : created ? TypedResults.Created($"/v1/accounts/{id}/mandates/{mandate}", answer)
            : TypedResults.Ok(answer);
    }

    private static async Task<IResult> ChangeAsync(
        string id, string mandate, MandateStateRequest body, ClaimsPrincipal user, MandateStore store, Mandates mandates)
    {
        if (!States.Contains(body.State))
        {
            return Problems.Of(DirectDebitRefusals.MandateInvalid, $"state: '{body.State}' is not {string.Join(", ", States)}.");
        }

        if (string.IsNullOrWhiteSpace(body.Reason) || Requests.CheckText("reason", body.Reason) is not null)
        {
            return Problems.Of(RequestRefusals.TextInvalid, $"reason: it is not 1 to {Requests.TextMaxLength} printable characters.");
        }

        if (await FindAsync(id, mandate, store) is not { } row)
        {
            return Unknown(mandate);
        }

        var (answer, refusal) = await mandates.ChangeAsync(row, body, user.Person());
        return refusal is not null ? Problems.Of(refusal) : TypedResults.Ok(answer);
    }

    private static async Task<MandateRow?> FindAsync(string account, string mandate, MandateStore store) =>
        await store.FindAsync(mandate) is { } row && row.Account_Id == account ? row : null;

    private static IResult Unknown(string mandate) =>
        Problems.Of(DirectDebitRefusals.MandateUnknown, $"mandate: the account has no mandate '{mandate}'.");
}
