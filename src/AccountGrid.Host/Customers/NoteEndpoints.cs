using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Customers;

/// <summary>Notes about customers: what they said of their situation, until when it holds, and what was agreed.</summary>
internal static class NoteEndpoints
{
    private const int TextMaxLength = 2_000;

    private static readonly string[] Kinds = ["situation", "vacant"];

    public static void MapNotes(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/customers/{id}/notes").WithTags("Customers").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        g.MapPost("", AddAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Writes a note about a customer. A note is never changed: a later one corrects it.").Produces<NoteAnswer>(201)
            .ProducesProblem(409).ProducesProblem(422);
        g.MapGet("", ListAsync).RequireAuthorization(Permissions.Collect).WithSummary("Notes about a customer, the newest first, by cursor.")
            .Produces<Page<NoteAnswer>>();
    }

    private static async Task<IResult> AddAsync(
        string id, NoteRequest body, ClaimsPrincipal user, HttpContext http, NoteStore store, GridSecret secret, TimeProvider time)
    {
        var from = body.From ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var wrong = Requests.CheckKey(http, out var key) ?? CheckText("text", body.Text, 1) ?? CheckText("agreed", body.Agreed ?? "", 0)
            ?? (Kinds.Contains(body.Kind, StringComparer.OrdinalIgnoreCase) ? null
                : new Refusal(RegistryRefusals.NoteInvalid, $"kind: '{body.Kind}' is not {string.Join(" or ", Kinds)}."))
            ?? (body.Until < from ? new(RegistryRefusals.NoteInvalid, $"until: {body.Until:yyyy-MM-dd} is before its first day, {from:yyyy-MM-dd}.") : null);
        if (wrong is not null)
        {
            return Problems.Of(wrong);
        }

        // Keyed: what it holds of a person cannot be tried out against it.
        var hash = HMACSHA256.HashData(secret.KeyFor("customer-bodies"), JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web));
        var (note, refusal) = await store.AddAsync(id, body, from, user.Person(), key, hash);
        return note is null ? Problems.Of(refusal!) : TypedResults.Created($"/v1/customers/{id}/notes", note);
    }

    private static async Task<IResult> ListAsync(string id, int? limit, string? cursor, NoteStore store, CustomerStore customers)
    {
        var take = Requests.Limit(limit);
        var tag = ListCursor.Tag(id);
        var found = await store.ListAsync(id, ListCursor.Read(cursor, tag, 1) is { } place ? ListCursor.Number(place[0]) : null, take + 1);
        if (found.Count == 0 && !await customers.ExistsAsync(id))
        {
            return Problems.Of(RegistryRefusals.CustomerUnknown, $"id: there is no customer '{id}'.");
        }

        var more = found.Count > take;
        return TypedResults.Ok(new Page<NoteAnswer>(
            [.. found.Take(take)], more ? ListCursor.Of(tag, found[take - 1].Id.ToString(CultureInfo.InvariantCulture)) : null, more));
    }

    /// <summary>Text of people over several lines.</summary>
    private static Refusal? CheckText(string field, string text, int least) =>
        text.Length <= TextMaxLength && text.Trim().Length >= least && !text.Any(c => char.IsControl(c) && c != '\n')
            ? null
            : new(RequestRefusals.TextInvalid, $"{field}: it has {text.Length} characters or control characters; {least} to {TextMaxLength} are allowed.");
}
