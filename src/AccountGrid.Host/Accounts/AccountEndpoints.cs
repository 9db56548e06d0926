using AccountGrid.Domain;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace AccountGrid.Host.Accounts;

internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var accounts = routes.MapGroup("/v1/accounts").WithTags("Accounts").ProducesProblem(401).ProducesProblem(404).ProducesProblem(503);
        accounts.MapPost("/", OpenAsync).RequireAuthorization(Permissions.Administer).WithSummary("Opens an account.").Produces<AccountAnswer>(201)
            .ProducesProblem(409).ProducesProblem(422);
        accounts.MapGet("/{id}", GetAsync).RequireAuthorization(Permissions.Query).WithSummary("An account with its periods and meters.")
            .Produces<AccountAnswer>();
        accounts.MapGet("/{id}/balance", BalanceAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("The live balance; with ?after=POSITION, as a payment's answer names it, never one from before it.").Produces<BalanceAnswer>();
        accounts.MapGet("/{id}/entries", EntriesAsync).RequireAuthorization(Permissions.Query).WithSummary("The ledger, newest first, by cursor.")
            .Produces<Page<EntryAnswer>>();
        accounts.MapGet("/{id}/explain", ExplainAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("From the balance back to readings, tariff versions and payments.").Produces<ExplainAnswer>();
        accounts.MapGet("/{id}/stream", StreamAsync).RequireAuthorization(Permissions.Query).WithSummary("The live balance as server-sent events.")
            .Produces<BalanceAnswer>(200, "text/event-stream").DisableRequestTimeout();
        accounts.MapPost("/balances", BalancesAsync).WithMetadata(new NotAudited()).RequireAuthorization(Permissions.QueryAll)
            .WithSummary("Live balances of up to 2,000 accounts.").Produces<BalancesAnswer>().ProducesProblem(413);
        accounts.MapPost("/{id}/payments", PayAsync).RequireAuthorization(Permissions.Pay).WithSummary("Takes a payment, once per Idempotency-Key.")
            .WithIdempotencyKey().Produces<MoneyAnswer>(201).ProducesProblem(400).ProducesProblem(422);
        accounts.MapPost("/{id}/reversals", ReverseAsync).RequireAuthorization(Permissions.Administer).WithSummary("Reverses a payment that bounced.")
            .WithIdempotencyKey().Produces<MoneyAnswer>(201).ProducesProblem(400).ProducesProblem(422);
        accounts.MapPost("/{id}/refunds", RefundAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Pays credit out; above what one person may move a second must agree.").Produces<ApprovalAnswer>(202).WithIdempotencyKey()
            .Produces<MoneyAnswer>(201).ProducesProblem(400).ProducesProblem(422);
        accounts.MapPost("/{id}/adjustments", AdjustAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Corrects the balance by a person's decision; above what one person may move a second must agree.").Produces<ApprovalAnswer>(202)
            .WithIdempotencyKey().Produces<MoneyAnswer>(201).ProducesProblem(400).ProducesProblem(422);
        accounts.MapPost("/{id}/tariff", ChangeTariffAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Puts the account on a product, or by agreement on one of its versions, from a day on.").Produces<AccountAnswer>()
            .ProducesProblem(422);
        accounts.MapPost("/{id}/rate-comparisons", CompareAsync).WithMetadata(new NotAudited()).RequireAuthorization(Permissions.Query)
            .WithSummary("What the last closed months would have cost under other tariffs, beside what they did cost.").Produces<RateComparisonAnswer>()
            .ProducesProblem(400).ProducesProblem(422);
        accounts.MapPost("/{id}/household", ChangeHouseholdAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Changes household size and protection from the tier period of a day on.")
            .WithDescription(
                "The day may lie in the past, as far as periods still change: what was charged since is corrected. Allowances are for whole periods (months "
                    + "or years).").Produces<AccountAnswer>().ProducesProblem(422);
        accounts.MapPost("/{id}/contracted-capacity", SetContractedCapacityAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Sets the contracted capacity from a day on.")
            .WithDescription(
                "For tariffs with a charge for capacity or demand. The day may lie in the past, as far as periods still change: what was charged since is "
                    + "corrected; where that is more than one person may move a second must agree. Under a demand charge it is the first day of a month to "
                    + "come.").Produces<AccountAnswer>().Produces<ApprovalAnswer>(202).ProducesProblem(422);
        accounts.MapPost("/{id}/close", CloseAsync).RequireAuthorization(Permissions.Administer).WithSummary("Closes the account.").Produces<AccountAnswer>()
            .ProducesProblem(409);
    }

    /// <summary>Says in the API's description that every change needs a key that you choose.</summary>
    internal static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = "Idempotency-Key",
            In = ParameterLocation.Header,
            Required = true,
            Description = "The same key and body is answered the same; another body under it is refused.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Requests.KeyMaxLength },
        });
        return Task.CompletedTask;
    });

    private static async Task<IResult> OpenAsync(OpenAccountRequest body, AccountOpening opening, AccountReader reader, IGrainFactory grains)
    {
        var (outcome, refusal) = await opening.OpenAsync(body);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var view = await grains.Account(body.Id).Get();
        var answer = await reader.AnswerAsync(body.Id, view!);
        return outcome!.Replayed ? TypedResults.Ok(answer) : TypedResults.Created($"/v1/accounts/{body.Id}", answer);
    }

    private static async Task<IResult> GetAsync(string id, IGrainFactory grains, AccountReader reader, HttpContext http)
    {
        if (await grains.Account(id).Get() is not { } view)
        {
            return Unknown(id);
        }

        http.Response.Headers.ETag = $"\"v{view.Version}\"";
        return TypedResults.Ok(await reader.AnswerAsync(id, view));
    }

    private static async Task<IResult> BalanceAsync(string id, long? after, IGrainFactory grains, AccountReader reader) =>
        await (after is { } position ? grains.Account(id).GetAfter(position) : grains.Account(id).Get()) is { } view
            ? TypedResults.Ok(await reader.BalanceAsync(view))
            : Unknown(id);

    private static async Task<IResult> BalancesAsync(BalancesRequest body, ManyAccounts many)
    {
        var (found, refusal) = await many.BalancesAsync(body.Accounts);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var known = found.Select(f => f.Id).ToHashSet(StringComparer.Ordinal);
        return TypedResults.Ok(new BalancesAnswer(
            [.. found.Select(f => new ListedBalance(
                f.Id, new Money(f.Balance.BalanceNano).ToString(), f.Balance.Position, f.Balance.ChargedWh, f.Balance.HeldWh))],
            [.. body.Accounts.Where(a => !known.Contains(a))]));
    }

    private static async Task<IResult> EntriesAsync(string id, int? limit, string? cursor, GridDirectory directory, AccountReader reader) =>
        await directory.FindAccountAsync(id) is { } address ? TypedResults.Ok(await reader.EntriesAsync(address, Requests.Limit(limit), cursor)) : Unknown(id);

    private static async Task<IResult> ExplainAsync(string id, GridDirectory directory, AccountReader reader) =>
        await directory.FindAccountAsync(id) is { } address && await reader.ExplainAsync(address) is { } answer ? TypedResults.Ok(answer) : Unknown(id);

    private static async Task<IResult> StreamAsync(string id, GridDirectory directory, AccountStreams streams) =>
        await directory.FindAccountAsync(id) is null ? Unknown(id) : streams.Of(id);

    private static Task<IResult> PayAsync(string id, PaymentRequest body, HttpContext http, IGrainFactory grains, GridDirectory directory) =>
        AccountOrders.Of(body, out var command) is { } wrong
            ? Task.FromResult<IResult>(Problems.Of(wrong))
            : MoneyAsync(id, "payment", http, grains, directory, command);

    private static async Task<IResult> RefundAsync(string id, RefundRequest body, HttpContext http, IGrainFactory grains, GridDirectory directory,
        Approvals approvals)
    {
        var person = http.User.Person();
        if (AccountOrders.Of(body, person, out var command) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var result = await MoneyAsync(id, "refund", http, grains, directory, command);
        return Approvals.NeedsSecond(result) && Requests.CheckKey(http, out var key) is null
            ? await approvals.AskAsync(id, "refund", body, person, key)
            : result;
    }

    private static async Task<IResult> AdjustAsync(string id, AdjustmentRequest body, HttpContext http, IGrainFactory grains, GridDirectory directory,
        Approvals approvals)
    {
        var person = http.User.Person();
        if (AccountOrders.Of(body, id, (await directory.FindAccountAsync(id))?.Partition, person, out var command) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var result = await MoneyAsync(id, "adjustment", http, grains, directory, command);
        return Approvals.NeedsSecond(result) && Requests.CheckKey(http, out var key) is null
            ? await approvals.AskAsync(id, "adjustment", body, person, key)
            : result;
    }

    private static async Task<IResult> ReverseAsync(string id, ReversalRequest body, HttpContext http, IGrainFactory grains, GridDirectory directory) =>
        AccountOrders.Of(body, id, (await directory.FindAccountAsync(id))?.Partition, out var command) is { } wrong
            ? Problems.Of(wrong)
            : await MoneyAsync(id, "reversal", http, grains, directory, command);

    private static async Task<IResult> MoneyAsync(
        string id, string kind, HttpContext http, IGrainFactory grains, GridDirectory directory, Func<int, AccountCommand> command)
    {
        if (Requests.CheckKey(http, out var key) is { } missing)
        {
            return Problems.Of(missing);
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Unknown(id);
        }

        var grain = grains.Account(id);
        var asked = command(address.Number);
        var outcome = await grain.Execute(asked.ToBytes(), $"{kind}:{address.Number}:{key}", Requests.HashOf(asked));
        if (!outcome.Accepted)
        {
            return Problems.Of(outcome);
        }

        if (outcome.Replayed)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        var currency = (await grain.Get())?.Currency ?? "";
        var answer = new MoneyAnswer(new PaymentId(outcome.Partition, outcome.Position).ToString(), new Money(outcome.AmountNano).ToString(), currency,
            new Money(outcome.BalanceNano).ToString(), outcome.Position);
        return TypedResults.Json(answer, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ChangeTariffAsync(string id, ChangeTariffRequest body, HttpContext http, IGrainFactory grains, GridDirectory directory,
        TariffCatalog tariffs, AccountReader reader)
    {
        var (tariff, wrong) = await tariffs.FindForAsync(body.Tariff, body.Version, _ => body.From.DayNumber, "from");
        if (tariff is null)
        {
            return Problems.Of(wrong!);
        }

        return await ChangeAsync(
            id, http, grains, directory, reader, number => new ChangeTariff(number, tariff.Number, body.From.DayNumber, body.Version is null));
    }

    private static async Task<IResult> CompareAsync(string id, RateComparisonRequest body, GridDirectory directory, RateComparison comparison)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Unknown(id);
        }

        var (answer, refusal) = await comparison.CompareAsync(address, body);
        return refusal is null ? TypedResults.Ok(answer) : Problems.Of(refusal);
    }

    private static async Task<IResult> ChangeHouseholdAsync(string id, ChangeHouseholdRequest body, HttpContext http, IGrainFactory grains,
        GridDirectory directory, AccountReader reader)
    {
        if (body.HouseholdSize is < 0 or > Domain.Rating.Household.SizeMax)
        {
            return Problems.Of(AccountRefusals.HouseholdInvalid, $"householdSize: {body.HouseholdSize} is not 0 to {Domain.Rating.Household.SizeMax}.");
        }

        return Requests.CheckText("reason", body.Reason) is { } wrong
            ? Problems.Of(wrong)
            : await ChangeAsync(id, http, grains, directory, reader,
                number => new ChangeHousehold(number, (byte)body.HouseholdSize, body.Protected, body.From.DayNumber, body.Reason));
    }

    private static async Task<IResult> SetContractedCapacityAsync(string id, SetContractedCapacityRequest body, HttpContext http, IGrainFactory grains,
        GridDirectory directory, AccountReader reader, Approvals approvals)
    {
        if (CapacityDecisions.MilliOf(body.Capacity) is not { } milli)
        {
            return Problems.Of(AccountRefusals.CapacityInvalid, $"capacity: '{body.Capacity}' is not {CapacityDecisions.Right}.");
        }

        if (Requests.CheckText("reason", body.Reason) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var person = http.User.Person();
        var result = await ChangeAsync(
            id, http, grains, directory, reader,
            number => new SetContractedCapacity(number, milli, body.From.DayNumber, body.Reason, person, Unit: body.Unit));
        return Approvals.NeedsSecond(result)
            ? await approvals.AskAsync(id, "contracted-capacity", body, person, Requests.KeyOrNew(http))
            : result;
    }

    private static async Task<IResult> CloseAsync(string id, CloseAccountRequest body, HttpContext http, IGrainFactory grains, GridDirectory directory,
        AccountReader reader, TimeProvider time)
    {
        if (Requests.CheckText("reason", body.Reason) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await grains.Account(id).Get() is not { } view)
        {
            return Unknown(id);
        }

        var today = LocalCalendar.Find(view.Zone)!.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());

        // The request sent again after midnight is the same one, though today is another day.
        return await ChangeAsync(id, http, grains, directory, reader, number => new CloseAccount(number, body.LastDay?.DayNumber ?? today, body.Reason),
            new { close = body });
    }

    private static async Task<IResult> ChangeAsync(string id, HttpContext http, IGrainFactory grains, GridDirectory directory, AccountReader reader,
        Func<int, AccountCommand> command, object? asked = null)
    {
        if (Requests.CheckKeyIfGiven(http) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Unknown(id);
        }

        var change = command(address.Number);
        var grain = grains.Account(id);
        var outcome = await grain.Execute(change.ToBytes(), $"change:{address.Number}:{Requests.KeyOrNew(http)}",
            asked is null ? Requests.HashOf(change) : Requests.HashOf(asked));
        if (outcome.Replayed)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        return outcome.Accepted ? TypedResults.Ok(await reader.AnswerAsync(id, (await grain.Get())!)) : Problems.Of(outcome);
    }

    private static ProblemHttpResult Unknown(string id) => Problems.Of(AccountRefusals.Unknown, $"There is no account '{id}'.");
}
