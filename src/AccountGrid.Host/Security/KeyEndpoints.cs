using AccountGrid.Contracts;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Operations;

namespace AccountGrid.Host.Security;

/// <param name="Role"><c>gateway</c>, <c>client</c> or <c>administrator</c>.</param>
/// <param name="Name">What the key is for.</param>
/// <param name="Gateway">For a gateway's key: the gateway's id; it is registered if it is new.</param>
public sealed record CreateKeyRequest(string Role, string Name, string? Gateway = null);

/// <param name="Key">Shown once; only its hash is kept.</param>
public sealed record KeyAnswer(string Key, string Role, string? Gateway);

/// <param name="Id">1 to 32 visible ASCII characters.</param>
public sealed record GatewayRequest(string Id);

internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/keys", CreateAsync).WithTags("Keys").RequireAuthorization(Policies.Administer).WithSummary("Makes an API key; a gateway's key registers its gateway.").Produces<KeyAnswer>(201).ProducesProblem(422);
        routes.MapPost("/v1/gateways", RegisterGatewayAsync).WithTags("Keys").RequireAuthorization(Policies.Administer).WithSummary("Registers a gateway, so that meters can be put behind it.").Produces<GatewayRequest>(201).ProducesProblem(422);
        routes.MapDelete("/v1/keys/{id}", RevokeAsync).WithTags("Keys").RequireAuthorization(Policies.Administer).WithSummary("Revokes a key by its public id, the part between the underscores.").Produces(204).ProducesProblem(404);
    }

    private static async Task<IResult> CreateAsync(CreateKeyRequest body, ApiKeys keys, GridDirectory directory)
    {
        if (!Requests.TryName<KeyRole>(body.Role, out var role))
        {
            return Problems.Of("key.role_invalid", $"role: '{body.Role}' is not gateway, client or administrator.");
        }

        if (string.IsNullOrWhiteSpace(body.Name) || body.Name.Length > 128 || Requests.CheckText("name", body.Name) is not null)
        {
            return Problems.Of("key.name_invalid", $"name: '{body.Name}' is not 1 to 128 characters.");
        }

        var gateway = 0;
        if (role == KeyRole.Gateway)
        {
            if (Requests.CheckId("gateway", body.Gateway) is { } wrong)
            {
                return Problems.Of(wrong);
            }

            gateway = await directory.AllotGatewayAsync(body.Gateway!);
        }

        return TypedResults.Created("/v1/keys", new KeyAnswer(await keys.CreateAsync(role, body.Name, gateway), role.ToString().ToLowerInvariant(), body.Gateway));
    }

    private static async Task<IResult> RegisterGatewayAsync(GatewayRequest body, GridDirectory directory)
    {
        if (Requests.CheckId("id", body.Id) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var known = await directory.FindGatewayAsync(body.Id) is not null;
        await directory.AllotGatewayAsync(body.Id);
        return known ? TypedResults.Ok(body) : TypedResults.Created("/v1/gateways", body);
    }

    private static async Task<IResult> RevokeAsync(string id, IGrainFactory grains)
    {
        if (id.Length != 16 || await grains.GetGrain<IApiKeyGrain>(id).Find() is null)
        {
            return Problems.Of(404, "key.unknown", $"There is no key '{id}'.");
        }

        await grains.GetGrain<IApiKeyGrain>(id).Revoke();
        return TypedResults.NoContent();
    }
}
