using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Payments;

/// <summary>What staff do with payment channels: configure them, move held payments to accounts, show receipts.</summary>
internal static class PaymentChannelEndpoints
{
    public static void MapPaymentChannels(this IEndpointRouteBuilder routes)
    {
        routes.MapAgents();
        var g = routes.MapGroup("/v1/channels").WithTags("Payment channels").ProducesProblem(401).ProducesProblem(403);
        g.MapPost("/", RegisterAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Registers a version of a payment channel from a day on; a version never changes.").Produces<PaymentChannelDefinition>(201)
            .ProducesProblem(409).ProducesProblem(422);
        g.MapGet("/", ListAsync).RequireAuthorization(Permissions.Inspect).WithSummary("All versions of all payment channels.")
            .Produces<Page<PaymentChannelDefinition>>();
        g.MapGet("/held", HeldAsync).RequireAuthorization(Permissions.Inspect).WithSummary("Payments in suspense, by channel and id.")
            .Produces<Page<HeldPayment>>();
        g.MapPost("/{channel}/held/{channelTxnId}", AssignAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Moves a held payment to an account.").Produces<ChannelPaymentAnswer>().ProducesProblem(404).ProducesProblem(422);
        routes.MapGet("/v1/payments/{id}/receipt", ReceiptAsync).WithTags("Payment channels").RequireAuthorization(Permissions.QueryAll)
            .WithSummary("The receipt of a channel's payment, in both languages: JSON, or a page by Accept: text/html.").Produces<ChannelPaymentAnswer>()
            .ProducesProblem(404);
    }

    private static async Task<IResult> RegisterAsync(PaymentChannelDefinition body, PaymentChannelCatalog channels)
    {
        var (created, refusal) = await channels.RegisterAsync(body);
        return refusal is not null ? Problems.Of(refusal) : created ? TypedResults.Created("/v1/channels", body) : TypedResults.Ok(body);
    }

    private static async Task<IResult> ListAsync(int? limit, string? cursor, PaymentChannelCatalog channels) =>
        TypedResults.Ok(Pages.OfShort(await channels.ListAsync(null), limit, cursor, c => $"{c.Id} {c.EffectiveFrom:O}"));

    private static async Task<IResult> HeldAsync(string? channel, int? limit, string? cursor, ChannelPaymentStore store)
    {
        var take = Requests.Limit(limit);
        var rows = await store.HeldAsync(channel, Requests.ReadCursor(cursor, 2), take + 1);
        var more = rows.Count > take;
        return TypedResults.Ok(
            new Page<HeldPayment>([.. rows.Take(take)], more ? Requests.Cursor(rows[take - 1].Channel, rows[take - 1].ChannelTxnId) : null, more));
    }

    private static async Task<IResult> AssignAsync(
        string channel, string channelTxnId, AssignHeldRequest body, ClaimsPrincipal user, ChannelPaymentStore store, ChannelPayments payments,
        GridDirectory directory,
        IGrainFactory grains)
    {
        if ((Requests.CheckId("account", body.Account) ?? Requests.CheckText("reason", body.Reason)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (string.IsNullOrWhiteSpace(body.Reason))
        {
            return Problems.Of(RequestRefusals.TextInvalid, "reason: it is empty; say how it is known that the money is for this account.");
        }

        if (await directory.FindAccountAsync(body.Account) is null || await grains.Account(body.Account).Get() is not { } view)
        {
            return Problems.Of(AccountRefusals.Unknown, $"account: there is no account '{body.Account}'.");
        }

        if (await store.FindAsync(channel, channelTxnId) is not { Status: "held" } held)
        {
            return Problems.Of(PaymentChannelRefusals.HeldUnknown, $"Channel '{channel}' has no held payment '{channelTxnId}'.");
        }

        if (view.Currency != held.Currency)
        {
            return Problems.Of(PaymentChannelRefusals.CurrencyDiffers,
                $"account: '{body.Account}' has the currency {view.Currency}; the payment has {held.Currency}.");
        }

        return await payments.AssignAsync(channel, channelTxnId, body.Account, user.Person(), body.Reason) is { } answer
            ? TypedResults.Ok(answer)
            : Problems.Of(PaymentChannelRefusals.HeldUnknown, $"Channel '{channel}' has no held payment '{channelTxnId}' any more.");
    }

    private static async Task<IResult> ReceiptAsync(string id, HttpContext http, ChannelPaymentStore store)
    {
        if (Accounts.PaymentId.Parse(id) is not { } payment)
        {
            return Problems.Of(BillingRefusals.PaymentIdInvalid,
                $"id: '{id}' is not the id of a payment as its answer gave it, partition and position such as 45-100.");
        }

        if (await store.FindByPaymentAsync(payment.Partition, payment.Position) is not { } receipt)
        {
            return Problems.Of(BillingRefusals.PaymentUnknown, $"id: there is no channel's payment '{id}'.");
        }

        return http.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == "text/html")
            ? TypedResults.Content(ReceiptPage.Of(receipt), "text/html; charset=utf-8")
            : TypedResults.Ok(receipt.Answer);
    }
}
