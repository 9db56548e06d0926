using System.Security.Cryptography;
using System.Text;
using AccountGrid.Domain;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Prices;

/// <summary>Corrections of tariffs from past days, of one account and of lists.</summary>
internal static class CorrectionEndpoints
{
    /// <summary>Most rows of a list.</summary>
    private const int RowsMax = 20_000;

    public static void MapCorrections(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/accounts/{id}/tariff-corrections", CorrectAsync).WithTags("Accounts").RequireAuthorization(Permissions.Administer)
            .WithSummary("Puts an account on another product or version from a past day; above what one person may move a second must agree. A dry run says "
                + "what it comes to.")
            .WithIdempotencyKey().Produces<TariffCorrectionAnswer>().Produces<ApprovalAnswer>(202).ProducesProblem(401).ProducesProblem(404)
            .ProducesProblem(422);
        var lists = routes.MapGroup("/v1/tariff-corrections").WithTags("Tariffs").RequireAuthorization(Permissions.Administer).ProducesProblem(401)
            .ProducesProblem(404);
        lists.MapPost("/", AddAsync).WithSummary("A list of accounts to correct: the dry run begins at once, and a second person must agree to what it says.")
            .WithIdempotencyKey().Produces<TariffListAnswer>(202).ProducesProblem(400).ProducesProblem(409);
        lists.MapGet("/{id:guid}", FindAsync).WithSummary("How far a list is, its sums, and the hash that a second person agrees to.")
            .Produces<TariffListAnswer>();
        lists.MapGet("/{id:guid}/rows", RowsAsync).WithSummary("The rows of a list, each with its amount and its result.").Produces<Page<TariffListRow>>();
        lists.MapPost("/{id:guid}/agreement", AgreeAsync).WithSummary("A second person agrees to a list as the dry run left it; then it is carried out.")
            .Produces<TariffListAnswer>().ProducesProblem(409);
    }

    private static async Task<IResult> CorrectAsync(
        string id, TariffCorrectionRequest body, HttpContext http, TariffCorrector corrector, Approvals approvals)
    {
        if (Requests.CheckKey(http, out var key) is { } missing)
        {
            return Problems.Of(missing);
        }

        var item = new TariffListItem(id, body.Tariff, body.From, body.Reason, body.Version);
        var (tariff, address, refusal) = await corrector.FindAsync(item);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var (person, currency) = (http.User.Person(), tariff!.Definition.Currency);
        if (body.DryRun)
        {
            return await corrector.TryAsync(address!, tariff, item) is { } tried ? AnswerOf(id, currency, tried, isDryRun: true) : Problems.UnknownAccount(id);
        }

        var outcome = await corrector.CarryOutAsync(
            address!, TariffCorrector.CommandOf(address!.Number, tariff, item, person), $"tariff-correction:{address.Number}:{key}");
        return outcome.Code == AccessRefusals.ApprovalNeeded.Text
            ? await approvals.AskAsync(
                id, TariffCorrectionApproval.Kind,
                new TariffCorrectionApproval(body.Tariff, body.Version, body.From, body.Reason, tariff.Number, body.Version is null,
                    new Money((await corrector.TryAsync(address, tariff, item))!.AmountNano).ToString()),
                person, key)
            : AnswerOf(id, currency, outcome, isDryRun: false);
    }

    private static IResult AnswerOf(string id, string currency, Contracts.OutcomeView outcome, bool isDryRun) => outcome.Accepted
        ? TypedResults.Ok(new TariffCorrectionAnswer(
            id, new Money(outcome.AmountNano).ToString(), currency, new Money(outcome.BalanceNano).ToString(), isDryRun))
        : Problems.Of(outcome);

    private static async Task<IResult> AddAsync(TariffListRequest body, HttpContext http, TariffListStore store, TimeProvider time)
    {
        if ((Requests.CheckKey(http, out var key) ?? Wrong(body)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"tariff-list\n{key}")).AsSpan(0, 16));
        return await store.AddAsync(id, Requests.HashOf(body), body.Rows, http.User.Person(), time.GetUtcNow())
            ? TypedResults.Accepted($"/v1/tariff-corrections/{id}", await store.FindAsync(id))
            : Problems.Of(RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used before with another body.");
    }

    private static Refusal? Wrong(TariffListRequest body) =>
        body.Rows is not { Count: >= 1 and <= RowsMax }
            ? new(RequestRefusals.ValueInvalid, $"rows: {body.Rows?.Count ?? 0} rows are not 1 to {RowsMax}.")
            : body.Rows.ToList().FindIndex(r => r?.Account is not { Length: > 0 and <= 128 } || r.Tariff is not { Length: > 0 and <= 128 }
                || Requests.CheckText("reason", r.Account) is not null || Requests.CheckText("reason", r.Tariff) is not null || r.Reason is null
                || Requests.CheckText("reason", r.Reason) is not null) is >= 0 and var row
            ? new(RequestRefusals.ValueInvalid, $"rows[{row}]: account, tariff and reason must be given, as printable text.")
            : null;

    private static async Task<IResult> FindAsync(Guid id, TariffListStore store) =>
        await store.FindAsync(id) is { } list ? TypedResults.Ok(list) : Unknown(id);

    private static async Task<IResult> RowsAsync(Guid id, int? limit, string? cursor, TariffListStore store)
    {
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("tariff-list", id.ToString()));
        var after = ListCursor.Read(cursor, tag, 1) is { } place ? (int)ListCursor.Number(place[0]) : 0;
        if (await store.FindAsync(id) is null)
        {
            return Unknown(id);
        }

        var rows = await store.RowsAsync(id, after, take + 1);
        var isMore = rows.Count > take;
        return TypedResults.Ok(new Page<TariffListRow>([.. rows.Take(take)], isMore ? ListCursor.Of(tag, $"{rows[take - 1].Row}") : null, isMore));
    }

    private static async Task<IResult> AgreeAsync(Guid id, TariffListAgreement body, HttpContext http, TariffListStore store, TimeProvider time)
    {
        if (await store.FindAsync(id) is not { } list)
        {
            return Unknown(id);
        }

        var person = http.User.Person();
        if (list.AgreedBy == person || await store.AgreeAsync(id, body.Hash ?? "", person, time.GetUtcNow()))
        {
            return TypedResults.Ok(await store.FindAsync(id));
        }

        return Problems.Of(AccessRefusals.ApprovalNotPossible,
            $"hash: '{body.Hash}' cannot be agreed to: list {id} is {list.State}, was asked for by {list.AskedBy}, and its hash is "
                + $"{list.Hash ?? "not known yet"}.");
    }

    private static IResult Unknown(Guid id) => Problems.Of(TariffRefusals.ListUnknown, $"id: there is no list '{id}'.");
}
