using System.Security.Claims;
using AccountGrid.Domain;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Payments;

/// <summary>The API of payment channels: which channel a request belongs to is said by its key, and nothing in a body can say otherwise.</summary>
internal static class ChannelEndpoints
{
    private const int TxnMaxLength = 64;
    private const int ReferencesMax = 8;
    private const int QueueMax = 1_000_000;

    private static readonly TimeSpan QueryValid = TimeSpan.FromHours(24);
    private static readonly string[] Reasons = ["timeout", "customer", "operator", "bounced", "chargeback"];
    private static readonly string[] ReferenceKinds = ["rrn", "endToEnd", "utr", "mandate", "receipt"];

    public static void MapChannelApi(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/channel").WithTags("Payment channels").RequireAuthorization(Permissions.Channel)
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(422).ProducesProblem(503);
        g.MapPost("/queries", QueryAsync).WithMetadata(new NotAudited()).WithSummary("What a customer can pay.").Produces<ChannelQueryAnswer>();
        g.MapPost("/payments", PayAsync).WithSummary("Takes a payment, once per channelTxnId.").Produces<ChannelPaymentAnswer>().ProducesProblem(409);
        g.MapGet("/payments/{channelTxnId}", StatusAsync)
            .WithSummary("What became of a payment; with ?close=true an id that is absent can never be accepted afterwards.").Produces<ChannelPaymentStatus>();
        g.MapPost("/reversals", ReverseAsync).WithSummary("Takes a whole payment back, once per channelTxnId.").Produces<ChannelReversalAnswer>()
            .ProducesProblem(409);
        g.MapPost("/heartbeats", BeatAsync).WithMetadata(new NotAudited()).WithSummary("A terminal's sign of life.").Produces(204);
        g.MapGet("/days/{day}", DayAsync).WithSummary("A business day by the grid's books: count and amount by status.").Produces<ChannelDayAnswer>();
    }

    private static async Task<IResult> QueryAsync(
        ChannelQueryRequest body, ClaimsPrincipal user, ChannelCallers callers, ChannelQueries queries, TimeProvider time)
    {
        var (channel, _, wrong) = await callers.FindAsync(user, null, "query");
        var amount = default(Money);
        wrong ??= (body.Account is null) == (body.Meter is null)
            ? new(RequestRefusals.ValueInvalid, "account, meter: one of the two is needed, and not both.")
            : Requests.CheckText("account", body.Account) ?? Requests.CheckText("meter", body.Meter)
                ?? (body.Amount is null ? null : Requests.CheckAmount("amount", body.Amount, out amount))
                ?? (body.Amount is not null && amount <= Money.Zero
                    ? new(RequestRefusals.AmountInvalid, $"amount: '{body.Amount}' is not more than 0.")
                    : null);
        return wrong is null ? TypedResults.Ok(await queries.AnswerAsync(channel!, body, amount, time.GetUtcNow(), QueryValid)) : No(wrong);
    }

    private static async Task<IResult> PayAsync(
        ChannelPaymentRequest body, ClaimsPrincipal user, ChannelCallers callers, ChannelPaymentStore store, ChannelPayments payments,
        TimeProvider time)
    {
        var (channel, agent, wrong) = await callers.FindAsync(user, body.Agent, null);
        var amount = default(Money);
        wrong ??= CheckTxn("channelTxnId", body.ChannelTxnId) ?? CheckForm(body, out amount)
            ?? (channel!.Kind == "agent" && agent is null
                ? new(AgentRefusals.Needed, $"agent: channel '{channel.Id}' sells out of floats; name the agent, or use the agent's own key.")
                : null);
        if (wrong is not null)
        {
            return No(wrong);
        }

        // What was taken before is answered as it was, whatever the channel's configuration says since.
        if (await store.FindAsync(channel!.Id, body.ChannelTxnId) is null)
        {
            var quoted =
                Guid.TryParse(body.QueryRef, out var reference) ? await store.QuotedAsync(reference, channel.Id, body.Account, time.GetUtcNow()) : null;
            if (PaymentChannelRules.Check(channel, body, amount, quoted, time.GetUtcNow()) is { } refused)
            {
                return No(refused);
            }
        }

        var (answer, refusal) = await payments.TakeAsync(channel.Id, agent, body, amount);
        return refusal is null ? TypedResults.Ok(answer) : No(refusal);
    }

    private static async Task<IResult> StatusAsync(
        string channelTxnId, bool? close, ClaimsPrincipal user, ChannelCallers callers, ChannelPayments payments, TimeProvider time)
    {
        var (channel, agent, wrong) = await callers.FindAsync(user, null, null);
        wrong ??= CheckTxn("channelTxnId", channelTxnId);
        wrong ??= await payments.IsOfAnotherAsync(channel!.Id, agent, channelTxnId) ? OfAnother("channelTxnId", channelTxnId) : null;
        return wrong is null ? TypedResults.Ok(await payments.StatusAsync(channel!.Id, channelTxnId, close ?? false)) : No(wrong);
    }

    private static async Task<IResult> ReverseAsync(
        ChannelReversalRequest body, ClaimsPrincipal user, ChannelCallers callers, ChannelPayments payments, TimeProvider time)
    {
        var (channel, agent, wrong) = await callers.FindAsync(user, null, "reverse");
        var amount = default(Money);
        wrong ??= CheckTxn("channelTxnId", body.ChannelTxnId) ?? CheckTxn("original", body.Original) ?? Requests.CheckAmount("amount", body.Amount, out amount)
            ?? (Reasons.Contains(body.Reason)
                ? null
                : new Refusal(PaymentChannelRefusals.ReversalReasonInvalid, $"reason: '{body.Reason}' is not one of {string.Join(", ", Reasons)}."))
            ?? Requests.CheckText("externalReason", body.ExternalReason);
        if (wrong is not null)
        {
            return No(wrong);
        }

        if (await payments.IsOfAnotherAsync(channel!.Id, agent, body.Original))
        {
            return No(OfAnother("original", body.Original));
        }

        var (answer, refusal) = await payments.ReverseAsync(channel!, body, amount);
        return refusal is null ? TypedResults.Ok(answer) : No(refusal);
    }

    private static async Task<IResult> BeatAsync(ChannelHeartbeat body, ClaimsPrincipal user, ChannelCallers callers, ChannelPaymentStore store,
        TimeProvider time)
    {
        var (channel, _, wrong) = await callers.FindAsync(user, null, null);
        wrong ??= CheckTxn("terminal", body.Terminal)
            ?? (body.Queue is >= 0 and <= QueueMax ? null : new(RequestRefusals.ValueInvalid, $"queue: {body.Queue} is not 0 to {QueueMax}."));
        if (wrong is not null)
        {
            return No(wrong);
        }

        await store.AddHeartbeatAsync(channel!.Id, body);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DayAsync(DateOnly day, ClaimsPrincipal user, ChannelCallers callers, ChannelPaymentStore store,
        TimeProvider time)
    {
        var (channel, agent, wrong) = await callers.FindAsync(user, null, null);
        return wrong is null
            ? TypedResults.Ok(new ChannelDayAnswer(channel!.Id, day, channel.Currency, await store.DayAsync(channel.Id, agent, day)))
            : No(wrong);
    }

    private static Refusal OfAnother(string field, string txn) => new(AgentRefusals.TxnOfAnother, $"{field}: '{txn}' is a payment of another agent.");

    private static Refusal? CheckTxn(string field, string text) =>
        text.Length is >= 1 and <= TxnMaxLength && text.All(c => c is > ' ' and < '\u007f')
            ? null
            : new(PaymentChannelRefusals.TxnInvalid, $"{field}: '{text}' is not 1 to {TxnMaxLength} visible ASCII characters.");

    private static Refusal? CheckForm(ChannelPaymentRequest r, out Money amount)
    {
        var wrong = Requests.CheckAmount("amount", r.Amount, out amount);
        wrong ??= amount > Money.Zero ? null : new(RequestRefusals.AmountInvalid, $"amount: '{r.Amount}' is not more than 0.");
        (string Field, string? Text)[] texts =
        [
            ("account", r.Account), ("tender", r.Tender), ("queryRef", r.QueryRef), ("bill", r.Bill), ("payer.name", r.Payer?.Name),
            ("payer.phone", r.Payer?.Phone),
            ("payer.id", r.Payer?.Id), ("terminal", r.Terminal), ("operator", r.Operator), ("agent", r.Agent), ("place", r.Place), ("note", r.Note),
        ];
        foreach (var (field, text) in texts)
        {
            wrong ??= Requests.CheckText(field, text);
        }

        var references = r.ExternalRefs ?? [];
        wrong ??= references.Count > ReferencesMax
            ? new(RequestRefusals.ValueInvalid, $"externalRefs: {references.Count} are given; at most {ReferencesMax} are possible.")
            : null;
        for (var i = 0; i < references.Count && wrong is null; i++)
        {
            wrong = !ReferenceKinds.Contains(references[i].Kind)
                ? new(RequestRefusals.ValueInvalid, $"externalRefs[{i}].kind: '{references[i].Kind}' is not one of {string.Join(", ", ReferenceKinds)}.")
                : Requests.CheckText($"externalRefs[{i}].value", references[i].Value);
        }

        return wrong;
    }

    /// <summary>A refusal with what the channel shows to the customer and whether trying again can help.</summary>
    private static IResult No(Refusal refusal)
    {
        var (retry, text) = ChannelTexts.Of(refusal.Code);
        var problem = Problems.Of(refusal);
        problem.ProblemDetails.Extensions["retry"] = retry;
        problem.ProblemDetails.Extensions["customerText"] = text;
        return problem;
    }
}
