using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Reconciliation;

/// <summary>The daily reconciliation: what differs, what people decide about it, and the sign-off of a day.</summary>
internal static class ReconciliationEndpoints
{
    /// <summary>Days of a list, at most: each counts its open differences.</summary>
    private const int DaysMax = 31;

    private static readonly string[] States = ["open", "accepted", "rejected", "gone"];

    public static void MapReconciliation(this IEndpointRouteBuilder routes)
    {
        routes.MapSettlements();
        var g = routes.MapGroup("/v1/channels/{channel}/reconciliation/{day}").WithTags("Settlement")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        routes.MapGet("/v1/channels/{channel}/reconciliation", DaysAsync).WithTags("Settlement").RequireAuthorization(Permissions.Inspect)
            .WithSummary("Business days of a channel with their files, open differences and sign-off, as they were last compared; the latest first.")
            .Produces<Page<ReconciliationDayListItem>>().ProducesProblem(400).ProducesProblem(404);
        g.MapGet("/", DayAsync).RequireAuthorization(Permissions.Inspect)
            .WithSummary("A business day of a channel, compared with its settlement files.").Produces<ReconciliationDayAnswer>();
        g.MapGet("/items", ItemsAsync).RequireAuthorization(Permissions.Inspect)
            .WithSummary("Differences of a day, by key; with compare=false as they were last compared.")
            .Produces<Page<ReconciliationItemAnswer>>();
        g.MapPost("/items/{key}", DecideAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Accepts or rejects the correction that is proposed for a difference.").Produces<ReconciliationItemAnswer>().ProducesProblem(409)
            .ProducesProblem(422);
        g.MapPost("/sign-off", SignOffAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Signs a day off; what comes afterwards is a correction.").Produces<ReconciliationDayAnswer>().ProducesProblem(422);
    }

    private static async Task<IResult> DaysAsync(
        string channel, DateOnly from, DateOnly to, int? limit, string? cursor, PaymentChannelCatalog channels, ReconciliationItems items)
    {
        var days = to.DayNumber - from.DayNumber + 1;
        if (days is < 1 or > DaysMax)
        {
            return Problems.Of(RequestRefusals.Invalid, $"from, to: {from:yyyy-MM-dd} to {to:yyyy-MM-dd} is not a period of 1 to {DaysMax} days.");
        }

        return await channels.ListAsync(channel) is [.., var version]
            ? TypedResults.Ok(Pages.OfShort(await items.DaysAsync(channel, version.Currency, from, to), limit, cursor, d => $"{d.Day}"))
            : Problems.Of(PaymentChannelRefusals.Unknown, $"channel: there is no channel '{channel}'.");
    }

    private static async Task<IResult> DayAsync(
        string channel, DateOnly day, PaymentChannelCatalog channels, SettlementStore files, Reconciliations reconciliations, TimeProvider time) =>
        await FindAsync(channels, channel, day, time) is { } d
            ? TypedResults.Ok(await reconciliations.DayAsync(d, day, await files.OfDayAsync(channel, day)))
            : Unknown(channel);

    private static async Task<IResult> ItemsAsync(
        string channel, DateOnly day, PaymentChannelCatalog channels, ReconciliationItems items, Reconciliations reconciliations, TimeProvider time,
        string? state, bool? compare, int? limit, string? cursor)
    {
        if (state is not null && !States.Contains(state))
        {
            return Problems.Of(RequestRefusals.ValueInvalid, $"state: '{state}' is not one of {string.Join(", ", States)}.");
        }

        if (await FindAsync(channels, channel, day, time) is not { } d)
        {
            return Unknown(channel);
        }

        var take = Requests.Limit(limit);
        var after = Requests.ReadCursor(cursor, 1)?[0];
        if (after is null && compare != false)
        {
            await reconciliations.RefreshAsync(d, day, day);
        }

        var rows = await items.ListAsync(channel, day, state, after ?? "", take + 1);
        var more = rows.Count > take;
        return TypedResults.Ok(
            new Page<ReconciliationItemAnswer>([.. rows.Take(take).Select(r => r.ToAnswer())], more ? Requests.Cursor(rows[take - 1].Key) : null, more));
    }

    private static async Task<IResult> DecideAsync(
        string channel, DateOnly day, string key, DecideItemRequest body, ClaimsPrincipal user, PaymentChannelCatalog channels, ReconciliationItems items,
        Corrections corrections, Reconciliations reconciliations, TimeProvider time)
    {
        if (Check(body) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await FindAsync(channels, channel, day, time) is not { } d)
        {
            return Unknown(channel);
        }

        var state = body.Decision == "accept" ? "accepted" : "rejected";
        if (await items.FindAsync(channel, day, key) is not { State: not "gone" }
            || await items.DecideAsync(channel, day, key, state, user.Person(), body.Reason) is not { State: not "gone" } item)
        {
            return Problems.Of(SettlementRefusals.ItemUnknown, $"key: channel '{channel}' has no difference '{key}' on {day:yyyy-MM-dd}, or none any more.");
        }

        if (item.State != state)
        {
            return Problems.Of(SettlementRefusals.ItemDecided, $"key: the difference was {item.State} before, by {item.Decided_By}.");
        }

        if (item.Outcome is not null)
        {
            // The last decision about corrections closes their case.
            await reconciliations.RefreshAsync(d, day, day);
            return TypedResults.Ok(item.ToAnswer());
        }

        return await corrections.EndAsync(d, item) is { } refusal
            ? Problems.Of(refusal)
            : TypedResults.Ok((await items.FindAsync(channel, day, key))!.ToAnswer());
    }

    private static async Task<IResult> SignOffAsync(
        string channel, DateOnly day, SignOffRequest body, ClaimsPrincipal user, PaymentChannelCatalog channels, SettlementStore files,
        Reconciliations reconciliations, TimeProvider time)
    {
        if (Requests.CheckText("note", body.Note) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await FindAsync(channels, channel, day, time) is not { } d)
        {
            return Unknown(channel);
        }

        var today = PaymentChannelRules.BusinessDay(d, time.GetUtcNow());
        var (answer, refusal) = await reconciliations.SignOffAsync(d, day, today, await files.OfDayAsync(channel, day), user.Person(), body.Note);
        return refusal is null ? TypedResults.Ok(answer) : Problems.Of(refusal);
    }

    private static Refusal? Check(DecideItemRequest body) =>
        body.Decision is not ("accept" or "reject") ? new(RequestRefusals.ValueInvalid, $"decision: '{body.Decision}' is not accept or reject.")
        : string.IsNullOrWhiteSpace(body.Reason) ? new(RequestRefusals.TextInvalid, "reason: it is empty; say how you know.")
        : Requests.CheckText("reason", body.Reason);

    /// <summary>The channel as it was configured on a day, or as it is where the day is before its first version.</summary>
    internal static async Task<PaymentChannelDefinition?> FindAsync(PaymentChannelCatalog channels, string channel, DateOnly day, TimeProvider time) =>
        await channels.FindAsync(channel, new DateTimeOffset(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero))
        ?? await channels.FindAsync(channel, time.GetUtcNow());

    private static IResult Unknown(string channel) => Problems.Of(PaymentChannelRefusals.Unknown, $"No version of channel '{channel}' is in force.");
}
