using System.Security.Cryptography;
using System.Text;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Security;

internal static class KeyEndpoints
{
    private const int OverlapMinutesMax = 7 * 24 * 60;

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/keys", CreateAsync).WithTags("Keys").RequireAuthorization(Permissions.Administer)
            .WithSummary("Makes an API key; a gateway's key registers its gateway.").Produces<KeyAnswer>(201).ProducesProblem(422);
        routes.MapGet("/v1/keys", ListAsync).WithTags("Keys").RequireAuthorization(Permissions.Administer)
            .WithSummary("Who has a key: role, name and scope of each, with those that have ended.").Produces<Page<KeyListItem>>();
        routes.MapPost("/v1/gateways", RegisterGatewayAsync).WithTags("Keys").RequireAuthorization(Permissions.Administer)
            .WithSummary("Registers a gateway, so that meters can be put behind it.").Produces<GatewayRequest>(201).ProducesProblem(422);
        routes.MapPost("/v1/keys/{id}/rotate", RotateAsync).WithTags("Keys").RequireAuthorization(Permissions.Administer)
            .WithSummary("Makes a second key like it; the old one ends when the overlap is over.").Produces<RotatedKeyAnswer>(201).ProducesProblem(404)
            .ProducesProblem(422);
        routes.MapDelete("/v1/keys/{id}", RevokeAsync).WithTags("Keys").RequireAuthorization(Permissions.Administer)
            .WithSummary("Revokes a key by its public id, the part between the underscores. When it is answered, no silo takes the key.").Produces(204)
            .ProducesProblem(404);
    }

    private static async Task<IResult> CreateAsync(CreateKeyRequest body, HttpContext http, ApiKeys keys, GridDirectory directory)
    {
        if (WrongKey(http, "create", out var id) is { } wrongKey)
        {
            return Problems.Of(wrongKey);
        }

        if (RoleOf(body.Role) is not { } role)
        {
            return Problems.Of(
                AccessRefusals.KeyRoleInvalid,
                $"role: '{body.Role}' is not gateway, client, collector, account-manager, auditor, channel, agent or administrator.");
        }

        if (string.IsNullOrWhiteSpace(body.Name) || body.Name.Length > 128 || Requests.CheckText("name", body.Name) is not null)
        {
            return Problems.Of(AccessRefusals.KeyNameInvalid, $"name: '{body.Name}' is not 1 to 128 characters.");
        }

        var (scope, field) = role switch
        {
            KeyRole.Collector => (body.Area, "area"),
            KeyRole.AccountManager => (body.Manager, "manager"),
            KeyRole.Channel => (body.Channel, "channel"),
            KeyRole.Agent => (body.Agent, "agent"),
            _ => (null, "")
        };
        if (field.Length > 0 && (string.IsNullOrWhiteSpace(scope) || scope.Length > 128 || Requests.CheckText(field, scope) is not null))
        {
            return Problems.Of(
                AccessRefusals.KeyScopeInvalid,
                $"{field}: '{scope}' is not 1 to 128 characters; a {body.Role} sees the customers whose contact has it.");
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

        return await keys.CreateAsync(role, body.Name, gateway, scope, id: id) is { } key
            ? TypedResults.Created("/v1/keys", new KeyAnswer(key, body.Role, body.Gateway))
            : MadeAlready(id!);
    }

    private static async Task<IResult> ListAsync(int? limit, string? cursor, ApiKeys keys, GridDirectory directory)
    {
        const string Tag = "keys";
        var (found, next) = await keys.ListAsync(ListCursor.Read(cursor, Tag, 1)?[0] ?? "", Requests.Limit(limit));
        var gateways = await directory.NameGatewaysAsync([.. found.Select(k => k.Record.Gateway).Distinct()]);
        var items = found.ConvertAll(k => new KeyListItem(
            k.Id, NameOf(k.Record.Role), k.Record.Name, gateways.GetValueOrDefault(k.Record.Gateway), k.Record.Scope,
            DateTimeOffset.FromUnixTimeMilliseconds(k.Record.CreatedMs),
            k.Record.EndsMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(k.Record.EndsMs), k.Record.Revoked));
        return TypedResults.Ok(new Page<KeyListItem>(items, next is null ? null : ListCursor.Of(Tag, next), next is not null));
    }

    private static string NameOf(KeyRole role) => role == KeyRole.AccountManager ? "account-manager" : role.ToString().ToLowerInvariant();

    private static KeyRole? RoleOf(string text) => text switch
    {
        "gateway" => KeyRole.Gateway,
        "client" => KeyRole.Client,
        "collector" => KeyRole.Collector,
        "account-manager" => KeyRole.AccountManager,
        "auditor" => KeyRole.Auditor,
        "channel" => KeyRole.Channel,
        "agent" => KeyRole.Agent,
        "administrator" => KeyRole.Administrator,
        _ => null,
    };

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

    private static async Task<IResult> RotateAsync(string id, RotateKeyRequest body, HttpContext http, ApiKeys keys, TimeProvider time)
    {
        if (WrongKey(http, $"rotate {id}", out var made) is { } wrongKey)
        {
            return Problems.Of(wrongKey);
        }

        if (body.OverlapMinutes is < 0 or > OverlapMinutesMax)
        {
            return Problems.Of(AccessRefusals.KeyOverlapInvalid, $"overlapMinutes: {body.OverlapMinutes} is not 0 to {OverlapMinutesMax}.");
        }

        var overlap = TimeSpan.FromMinutes(body.OverlapMinutes);
        var ends = time.GetUtcNow() + overlap;
        var (found, key) = await keys.RotateAsync(id, overlap, made);
        return !found ? Unknown(id) : key is null ? MadeAlready(made!) : TypedResults.Created("/v1/keys", new RotatedKeyAnswer(key, ends));
    }

    /// <summary>
    /// Whoever sends an idempotency key makes one key with it, whose id follows from it: what was made before is not made again. It is not shown again, either.
    /// </summary>
    private static Refusal? WrongKey(HttpContext http, string what, out string? id)
    {
        id = null;
        if (http.Request.Headers["Idempotency-Key"].Count == 0)
        {
            return null;
        }

        var wrong = Requests.CheckKey(http, out var key);
        id = wrong is null ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{key}")).AsSpan(0, 8)) : null;
        return wrong;
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult MadeAlready(string id) => Problems.Of(
        AccessRefusals.KeyMadeAlready, $"Idempotency-Key: the key {id} was made with it before, and is not shown again.");

    private static async Task<IResult> RevokeAsync(string id, ApiKeys keys) => await keys.RevokeAsync(id) ? TypedResults.NoContent() : Unknown(id);

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Unknown(string id) => Problems.Of(
        AccessRefusals.KeyUnknown,
        $"There is no key '{id}'.");
}
