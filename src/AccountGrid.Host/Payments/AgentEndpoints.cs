using System.Globalization;
using System.Security.Claims;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Payments;

/// <summary>Agents that sell out of a float: registered, given money and terms, and looked at.</summary>
internal static class AgentEndpoints
{
    private const int ReferenceMaxLength = 128;
    private const int PpmPerPercent = 10_000;

    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/agents").WithTags("Payment channels").ProducesProblem(401).ProducesProblem(403).ProducesProblem(422);
        g.MapPost("/", AddAsync).RequireAuthorization(Permissions.Administer).WithSummary("Registers an agent of a channel, and opens its float.")
            .Produces<AgentAnswer>(201).ProducesProblem(409);
        g.MapGet("/", ListAsync).RequireAuthorization(Permissions.Inspect).WithSummary("Agents by id, with their floats.").Produces<Page<AgentAnswer>>();
        g.MapGet("/{id}", GetAsync).RequireAuthorization(Permissions.Inspect).WithSummary("An agent with its float.").Produces<AgentAnswer>()
            .ProducesProblem(404);
        g.MapGet("/{id}/entries", EntriesAsync).RequireAuthorization(Permissions.Inspect).WithSummary("The ledger of a float, newest first, by cursor.")
            .Produces<Page<EntryAnswer>>().ProducesProblem(404);
        g.MapPost("/{id}/float", ChangeAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("A deposit or withdrawal, or another limit or commission; once per kind and reference.").Produces<AgentAnswer>()
            .ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> AddAsync(AgentRequest body, ClaimsPrincipal user, Agents agents)
    {
        if ((Requests.CheckId("id", body.Id) ?? Requests.CheckId("channel", body.Channel)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var (created, refusal) = await agents.AddAsync(body.Id, body.Channel, user.Person());
        return refusal is not null ? Problems.Of(refusal)
            : created ? TypedResults.Created($"/v1/agents/{body.Id}", await agents.FindAsync(body.Id))
            : TypedResults.Ok(await agents.FindAsync(body.Id));
    }

    private static async Task<IResult> ListAsync(string? channel, int? limit, string? cursor, Agents agents)
    {
        var take = Requests.Limit(limit);
        var found = await agents.ListAsync(channel, Requests.ReadCursor(cursor, 1)?[0], take + 1);
        var more = found.Count > take;
        return TypedResults.Ok(new Page<AgentAnswer>([.. found.Take(take)], more ? Requests.Cursor(found[take - 1].Id) : null, more));
    }

    private static async Task<IResult> GetAsync(string id, Agents agents) =>
        await agents.FindAsync(id) is { } agent ? TypedResults.Ok(agent) : Unknown(id);

    private static async Task<IResult> EntriesAsync(string id, int? limit, string? cursor, GridDirectory directory, AccountReader reader) =>
        await directory.FindAccountAsync(InternalAccounts.FloatOf(id)) is { } address
            ? TypedResults.Ok(await reader.EntriesAsync(address, Requests.Limit(limit), cursor))
            : Unknown(id);

    private static async Task<IResult> ChangeAsync(string id, FloatRequest body, ClaimsPrincipal user, Agents agents)
    {
        var wrong = string.IsNullOrWhiteSpace(body.Reference) || body.Reference.Length > ReferenceMaxLength
            ? new(RequestRefusals.TextInvalid, $"reference: '{body.Reference}' is not 1 to {ReferenceMaxLength} characters.")
            : Requests.CheckText("reference", body.Reference);
        var value = default(Money);
        wrong ??= Requests.CheckAmount("amount", body.Amount, out value);
        wrong ??= body.Kind is not ("deposit" or "withdrawal" or "limit" or "commission")
            ? new(AgentRefusals.MoveInvalid, $"kind: '{body.Kind}' is not deposit, withdrawal, limit or commission.")
            : null;
        if (wrong is not null)
        {
            return Problems.Of(wrong);
        }

        if (await agents.AddressAsync(id) is not { } address)
        {
            return Unknown(id);
        }

        var (command, refusal) = CommandOf(body.Kind, address.Account.Number, value, body, address.Currency, user.Person());
        var outcome = refusal is null ? await agents.ChangeAsync(address.Account, command!, id, body) : null;
        refusal ??= outcome is { Code: { } code }
            ? RefusalCatalogue.Find(code) is var c && c == RequestRefusals.IdempotencyKeyReused
                ? new(AgentRefusals.ReferenceReused, $"reference: '{body.Reference}' was used before for a {body.Kind} of another amount.")
                : new(c, outcome.Detail!)
            : null;
        return refusal is null ? TypedResults.Ok(await agents.FindAsync(id)) : Problems.Of(refusal);
    }

    /// <summary>What a change is to the float's log.</summary>
    internal static (AccountCommand? Command, Refusal? Refusal) CommandOf(
        string kind, int account, Money value, FloatRequest body, string currency, string by)
    {
        var digits = Currencies.DigitsOf(currency)!.Value;
        if (kind == "commission")
        {
            var ppm = value.Nano / (Money.NanoPerUnit / PpmPerPercent);
            return ppm * (Money.NanoPerUnit / PpmPerPercent) != value.Nano || ppm is < 0 or > InternalAccount.CommissionMaxPpm
                ? (null, new(AgentRefusals.CommissionInvalid, $"amount: '{body.Amount}' is not a percentage of 0 to 10 with at most four decimals."))
                : (new SetFloatTerms(account, null, (int)ppm, by), null);
        }

        return value.RoundedTo(digits) != value
            ? (null, new(RequestRefusals.AmountInvalid, $"amount: '{body.Amount}' has more than the {digits} decimals of {currency}."))
            : kind != "limit" && value <= Money.Zero
            ? (null, new(RequestRefusals.AmountInvalid, $"amount: '{body.Amount}' is not more than 0."))
            : kind switch
            {
                "deposit" => (new MoveInternal(account, value, body.Reference, by), null),
                "withdrawal" => (new MoveInternal(account, -value, body.Reference, by), null),
                _ => (new SetFloatTerms(account, value, null, by), null),
            };
    }

    internal static string PercentOf(int ppm) => (ppm / (decimal)PpmPerPercent).ToString("0.####", CultureInfo.InvariantCulture);

    private static IResult Unknown(string id) => Problems.Of(AgentRefusals.Unknown, $"id: there is no agent '{id}'.");
}
