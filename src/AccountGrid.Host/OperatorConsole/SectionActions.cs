using static AccountGrid.Host.OperatorConsole.ConsoleFieldKind;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What is done on the pages of sections: collections, payments, service, tariffs, grid, keys.</summary>
internal static class SectionActions
{
    private const string Channel = "/v1/channels/{channel}";
    private const string Day = $"{Channel}/reconciliation/{{day}}";
    private const string Complaint = "/v1/accounts/{id}/complaints";

    private const string Webhook = "/v1/webhooks/{webhook:guid}";

    private static readonly ConsoleField OfWebhook = new("webhook", Hidden);

    private static readonly ConsoleField Reason = new("reason", Text);

    private static readonly ConsoleField[] Item = [new("channel", Hidden), new("day", Hidden), new("key", Hidden)];

    public static IReadOnlyList<ConsoleAction> All { get; } =
    [
        new("area", "PUT", "/v1/areas/{area}", [new("area", Text), new("name", Text), new("zone", Text), new("parent", Text, false)]),
        new("area-collector", "PUT", "/v1/areas/{area}/collector", [new("area", Text), new("person", Text, false), new("from", ConsoleFieldKind.Day)]),
        new("item-accept", "POST", $"{Day}/items/{{key}}", [.. Item, new("decision", Hidden, Choices: ["accept"]), Reason]),
        new("item-reject", "POST", $"{Day}/items/{{key}}", [.. Item, new("decision", Hidden, Choices: ["reject"]), Reason]),
        new("day-sign-off", "POST", $"{Day}/sign-off", [new("channel", Hidden), new("day", Hidden), new("note", Text, false)]),
        new("held-assign", "POST", $"{Channel}/held/{{channelTxnId}}", [new("channel", Hidden), new("channelTxnId", Hidden), new("account", Text), Reason]),
        new("agent-new", "POST", "/v1/agents", [new("id", Text), new("channel", Text)]),
        new("agent-float", "POST", "/v1/agents/{id}/float",
            [new("kind", Choice, Choices: ["deposit", "withdrawal", "limit", "commission"]), new("amount", Money), new("reference", Text)]),
        new("debit-announce", "POST", "/v1/direct-debit/announcements", [new("channel", Text), new("day", ConsoleFieldKind.Day)]),
        new("debit-run", "POST", "/v1/direct-debit/runs", [new("channel", Text), new("day", ConsoleFieldKind.Day)]),
        new("complaint", "POST", Complaint,
            [
                new("id", Text), new("topic", Choice, Choices: ["bill", "cut", "reading", "staff", "channel", "other"]), new("text", Lines),
                new("channel", Text, false),
            ],
            true),
        new("complaint-contact", "POST", $"{Complaint}/{{complaint}}/contact", [new("complaint", Hidden), new("note", Lines, false)]),
        new("complaint-resolve", "POST", $"{Complaint}/{{complaint}}/resolution",
            [new("complaint", Hidden), new("outcome", Choice, Choices: ["upheld", "partlyUpheld", "notUpheld", "withdrawn"]), new("note", Lines, false)]),
        new("publish", "POST", "/v1/publications",
            [new("kind", Choice, Choices: ["tariff", "policy", "tariff-withdrawal"]), new("definition", Document), Reason], true)
        {
            HasDryRun = true,
        },
        new("tariff-withdraw", "POST", "/v1/tariffs/{id}/versions/{version}/withdrawal", [new("version", Hidden)]),
        new("gateway-new", "POST", "/v1/gateways", [new("id", Text)]),
        new("quarantine-replay", "POST", "/v1/quarantine/{partition:int}/{position:long}",
            [new("partition", Hidden), new("position", Hidden), new("action", Hidden, Choices: ["replay"]), Reason]),
        new("quarantine-dismiss", "POST", "/v1/quarantine/{partition:int}/{position:long}",
            [new("partition", Hidden), new("position", Hidden), new("action", Hidden, Choices: ["dismiss"]), Reason]),

        // Keys of programs. A key of a person would be a second person for whoever makes it: those are made by the API, with a key that few have.
        new("key-new", "POST", "/v1/keys",
            [
                new("role", Choice, Choices: ["gateway", "client", "channel", "agent"]), new("name", Text), new("gateway", Text, false),
                new("channel", Text, false), new("agent", Text, false),
            ],
            true)
        {
            Reveals = "key",
        },
        new("key-rotate", "POST", "/v1/keys/{id}/rotate", [new("overlapMinutes", Number)], true) { Reveals = "key" },
        new("key-revoke", "DELETE", "/v1/keys/{id}", []),
        new("webhook-pause", "POST", $"{Webhook}/pause", [OfWebhook]),
        new("webhook-resume", "POST", $"{Webhook}/resume", [OfWebhook]),
        new("webhook-replay", "POST", $"{Webhook}/replay", [OfWebhook, new("from", Instant)]),
        new("webhook-send-again", "POST", $"{Webhook}/replay", [OfWebhook, new("event", Hidden)]),
        new("webhook-secret", "POST", $"{Webhook}/secret", [OfWebhook, new("overlapMinutes", Number)]) { Reveals = "secret" },
        new("webhook-end", "DELETE", Webhook, [OfWebhook]),
    ];
}
