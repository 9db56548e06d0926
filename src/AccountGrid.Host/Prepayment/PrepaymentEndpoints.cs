using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Prepayment;

/// <summary>Promoting prepaid terms: what they would have cost, offers, and consent.</summary>
internal static class PrepaymentEndpoints
{
    public static void MapPrepayment(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/accounts/{id}").WithTags("Prepayment").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(422);
        g.MapGet("/prepayment-offer", FiguresAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("What the account's own last months would have cost on prepaid terms, and how often a warning would have come.")
            .Produces<PrepaymentFigures>();
        g.MapGet("/prepayment-offers", ListAsync).RequireAuthorization(Permissions.Query).WithSummary("Offers of prepaid terms, newest first.")
            .Produces<Page<PrepaymentOfferAnswer>>();
        g.MapPost("/prepayment-offers", OfferAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Makes an offer with these figures, in both languages.").Produces<PrepaymentOfferAnswer>(201).ProducesProblem(409);
        g.MapPost("/prepayment-offers/{offer}/consent", ConsentAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Records the customer's consent. A second person must agree; prepaid terms begin with the next month then.")
            .Produces<PrepaymentOfferAnswer>()
            .ProducesProblem(409);
        routes.MapGet("/v1/prepayment/candidates", CandidatesAsync).WithTags("Prepayment").WithMetadata(new ShowsOwnOnly())
            .RequireAuthorization(Permissions.QueryOwn).WithSummary("Who would have paid less on prepaid terms, most first, by the last month that is over.")
            .Produces<Page<PrepaymentFigures>>().ProducesProblem(401).ProducesProblem(403);
    }

    private static async Task<IResult> FiguresAsync(
        string id, string? tariff, string? level, string? topUp, GridDirectory directory, PrepaymentEstimator estimator, PrepaymentOptions options)
    {
        if (Assumed(level, topUp, options, out var at, out var pays) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        var (figures, _, refusal) = await estimator.OfAsync(address, tariff, at, pays);
        return refusal is null ? TypedResults.Ok(figures) : Problems.Of(refusal);
    }

    private static async Task<IResult> ListAsync(string id, int? limit, string? cursor, GridDirectory directory, PrepaymentStore store) =>
        await directory.FindAccountAsync(id) is { } address
            ? TypedResults.Ok(Pages.OfShort((await store.OfAccountAsync(address)).ConvertAll(o => o.ToAnswer()), limit, cursor, o => o.Id))
            : Problems.UnknownAccount(id);

    private static async Task<IResult> OfferAsync(
        string id, PrepaymentOfferRequest body, HttpContext http, ClaimsPrincipal user, GridDirectory directory, IGrainFactory grains,
        PrepaymentEstimator estimator, PrepaymentStore store, PrepaymentOptions options, TimeProvider time)
    {
        if ((Requests.CheckKey(http, out var key) ?? Assumed(body.Level, body.TopUp, options, out _, out _)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        Assumed(body.Level, body.TopUp, options, out var level, out var topUp);
        var (name, hash) = (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{id}\n{key}")))[..32], Requests.HashOf(body));
        if (await store.FindAsync(address.Partition, address.Number, name) is { } known)
        {
            return known.Body_Hash.AsSpan().SequenceEqual(hash)
                ? TypedResults.Ok(known.ToAnswer())
                : Problems.Of(RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used for another offer of this account.");
        }

        if (await grains.Partition(address.Partition).Workflow(address.Number) is { Mode: "prepaid" })
        {
            return Problems.Of(AccountRefusals.ModeSame, "The account is prepaid already.");
        }

        var (figures, _, refusal) = await estimator.OfAsync(address, body.Tariff, level, topUp);
        return refusal is null
            ? TypedResults.Created(
                $"/v1/accounts/{id}/prepayment-offers", (await store.AddAsync(address, name, figures!, hash, user.Person(), time.GetUtcNow())).ToAnswer())
            : Problems.Of(refusal);
    }

    private static async Task<IResult> ConsentAsync(
        string id, string offer, PrepaymentConsentRequest body, ClaimsPrincipal user, GridDirectory directory, IGrainFactory grains, PrepaymentStore store,
        Approvals approvals, PrepaymentOptions options, TimeProvider time)
    {
        var perDay = default(Money);
        var wrong = Requests.CheckText("reference", body.Reference) ?? Requests.CheckText("textVersion", body.TextVersion)
            ?? (string.IsNullOrWhiteSpace(body.Reference)
                ? new Refusal(AccountRefusals.ModeNoConsent, "reference: prepaid control needs a reference to what the customer signed.")
                : null)
            ?? Requests.CheckAmount("debtPerDay", body.DebtPerDay, out perDay)
            ?? (body.DebtSharePercent is >= 0 and <= 100 && decimal.Round(body.DebtSharePercent, 2) == body.DebtSharePercent ? null
                : new Refusal(BillingRefusals.DebtShareInvalid, $"debtSharePercent: {body.DebtSharePercent} is not 0 to 100 with at most two decimals."));
        if (wrong is not null)
        {
            return Problems.Of(wrong);
        }

        if (await directory.FindAccountAsync(id) is not { } address || await store.FindAsync(address.Partition, address.Number, offer) is not { } row)
        {
            return Problems.Of(PrepaymentRefusals.OfferUnknown, $"'{id}' has no offer '{offer}'.");
        }

        var (hash, now) = (Requests.HashOf(body), time.GetUtcNow());
        if (row.Consent_Hash is { } before)
        {
            return before.AsSpan().SequenceEqual(hash)
                ? TypedResults.Ok(row.ToAnswer())
                : Problems.Of(PrepaymentRefusals.OfferOver, $"Offer '{offer}' was agreed to with other content.");
        }

        var refusal = body.TextVersion != row.Text_Version
            ? new Refusal(PrepaymentRefusals.TextDiffers, $"textVersion: '{body.TextVersion}' is not {row.Text_Version}, the text of the offer.")
            : now > row.Offered_At.AddDays(options.OfferDays)
                ? new(PrepaymentRefusals.OfferOver, $"Offer '{offer}' was made at {row.Offered_At:yyyy-MM-dd} and held for {options.OfferDays} days.")
            : null;
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var calendar = LocalCalendar.Find((await grains.Account(id).Get())!.Zone)!;
        var day = PrepaymentOutlook.BorderAfter(DateOnly.FromDayNumber(calendar.DayOf(now.ToUnixTimeMilliseconds())));
        var asked = await approvals.AskAsync(
            id, CustomerCommands.Prepayment, new PrepaymentApproval(offer, body.Reference, body.DebtSharePercent, perDay.ToString(), day), user.Person(),
            offer);
        if (asked is not Microsoft.AspNetCore.Http.HttpResults.Accepted<ApprovalAnswer> { Value: { } approval })
        {
            return asked;
        }

        await store.ConsentAsync(row, body.Reference, hash, now, approval.Approval, day, Instants.ToInstant(calendar.StartOf(day.DayNumber)));
        var kept = (await store.FindAsync(address.Partition, address.Number, offer))!;
        return kept.Consent_Hash.AsSpan().SequenceEqual(hash)
            ? TypedResults.Ok(kept.ToAnswer())
            : Problems.Of(PrepaymentRefusals.OfferOver, $"Offer '{offer}' was agreed to with other content.");
    }

    private static async Task<IResult> CandidatesAsync(int? limit, string? cursor, ClaimsPrincipal user, PrepaymentStore store)
    {
        var take = Requests.Limit(limit);
        (long, int)? after = ListCursor.Read(cursor, "prepayment", 2) is { } parts
            ? (ListCursor.Number(parts[0]), (int)ListCursor.Number(parts[1]))
            : null;
        var rows = await store.CandidatesAsync(
            user.Role() == KeyRole.Collector ? user.Scope() : null, user.Role() == KeyRole.AccountManager ? user.Scope() : null, after, take + 1);
        var more = rows.Count > take;
        return TypedResults.Ok(new Page<PrepaymentFigures>(
            [.. rows.Take(take).Select(r => r.Figures)],
            more ? ListCursor.Of("prepayment", $"{rows[take - 1].Saving}", $"{rows[take - 1].Account}") : null, more));
    }

    private static Refusal? Assumed(string? level, string? topUp, PrepaymentOptions options, out Money at, out Money pays)
    {
        (at, pays) = (Money.FromUnits(options.Level), Money.FromUnits(options.TopUp));
        var (atWrong, paysWrong) = (level is null ? null : Requests.CheckAmount("level", level, out at),
            topUp is null ? null : Requests.CheckAmount("topUp", topUp, out pays));
        return atWrong ?? paysWrong
            ?? (at < Money.Zero ? new Refusal(RequestRefusals.AmountInvalid, $"level: '{level}' is not 0 or more.") : null)
            ?? (pays < Money.FromUnits(1) ? new Refusal(RequestRefusals.AmountInvalid, $"topUp: '{topUp}' is not 1 or more.") : null);
    }
}
