using AccountGrid.Host.Http;

namespace AccountGrid.Host.Security;

/// <summary>People who sign in at the console with a password.</summary>
internal static class OperatorEndpoints
{
    public static void MapOperators(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/operators").WithTags("Operators").RequireAuthorization(Permissions.Administer);
        g.MapPost("/", CreateAsync).WithSummary("Creates an operator of the console.").Produces(201).ProducesProblem(409).ProducesProblem(422);
        g.MapGet("/", ListAsync).WithSummary("All operators by name, with how many browsers each is signed in at.")
            .Produces<Page<OperatorAnswer>>();
        g.MapPost("/{name}/password", PasswordAsync).WithSummary("Changes an operator's password. All sessions of the operator end.").Produces(204)
            .ProducesProblem(404).ProducesProblem(422);
        g.MapDelete("/{name}", (string name, OperatorStore store) => DisableAsync(name, true, store))
            .WithSummary("Disables an operator. All sessions of the operator end; the name stays taken.").Produces(204).ProducesProblem(404);
        g.MapPost("/{name}/enable", (string name, OperatorStore store) => DisableAsync(name, false, store))
            .WithSummary("Lets a disabled operator sign in again.").Produces(204).ProducesProblem(404);
    }

    private static async Task<IResult> CreateAsync(CreateOperatorRequest body, OperatorStore store) =>
        await store.CreateAsync(body) is { } wrong ? Problems.Of(wrong) : TypedResults.Created($"/v1/operators/{body.Name}");

    private static async Task<IResult> ListAsync(int? limit, string? cursor, OperatorStore store) =>
        TypedResults.Ok(Pages.OfShort(await store.ListAsync(), limit, cursor, o => o.Name));

    private static async Task<IResult> PasswordAsync(string name, OperatorPasswordRequest body, OperatorStore store) =>
        await store.SetPasswordAsync(name, body.Password) is { } wrong ? Problems.Of(wrong) : TypedResults.NoContent();

    private static async Task<IResult> DisableAsync(string name, bool disabled, OperatorStore store) =>
        await store.DisableAsync(name, disabled) is { } wrong ? Problems.Of(wrong) : TypedResults.NoContent();
}
