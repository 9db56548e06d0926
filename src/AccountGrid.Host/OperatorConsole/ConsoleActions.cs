using static AccountGrid.Host.OperatorConsole.ConsoleFieldKind;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>All actions of the console.</summary>
internal static class ConsoleActions
{
    private const string Account = "/v1/accounts/{id}";
    private const string Case = "/v1/cases/{id}";

    private static readonly ConsoleField Amount = new("amount", Money);
    private static readonly ConsoleField Reason = new("reason", Text);
    private static readonly ConsoleField Until = new("until", Instant, IsRequired: false);

    private static readonly string[] ContactKinds = ["call", "visit", "letter", "welfare-visit", "authority-copy"];

    private static readonly string[] Outcomes =
    [
        "reached", "left-message", "no-answer", "nobody-home", "refused", "wrong-number", "wrong-address", "delivered-in-hand", "signed-for", "sent",
        "returned", "informed",
    ];

    /// <summary>What is done with an account, in the order of its buttons.</summary>
    public static IReadOnlyList<ConsoleAction> OfAccount { get; } =
    [
        new("payment", "POST", $"{Account}/payments", [Amount, new("channel", Text), new("reference", Text, false)], true) { BalanceSign = 1 },
        new("promise", "POST", $"{Account}/promises", [new("by", Day)]),
        new("contact", "POST", $"{Account}/contacts",
            [new("kind", Choice, Choices: ContactKinds), new("outcome", Choice, Choices: Outcomes), new("case", Text, false), new("note", Text, false)], true),
        new("announcement", "POST", $"{Account}/announcements", [new("reference", Text), new("until", Instant)], true),
        new("plan", "POST", $"{Account}/plans", [new("instalments", Instalments)], true),
        new("plan-cancel", "DELETE", $"{Account}/plans", [Reason]) { Query = ["reason"] },
        new("hold", "POST", $"{Account}/holds",
            [new("kind", Choice, Choices: ["dispute", "bereavement", "dataQuality", "weather", "manual"]), Reason, Until]),
        new("hold-lift", "DELETE", $"{Account}/holds/{{kind}}",
            [new("kind", Choice, Choices: ["dispute", "bereavement", "dataQuality", "weather", "manual"]), Reason]) { Query = ["reason"] },
        new("restore", "POST", $"{Account}/restore", [Reason, Until], true),
        new("adjustment", "POST", $"{Account}/adjustments", [Amount, Reason, new("corrects", Text, false)], true) { BalanceSign = 1 },
        new("waiver", "POST", $"{Account}/waivers", [Amount, Reason], true) { BalanceSign = 1 },
        new("debt", "POST", $"{Account}/debt", [Amount, Reason, new("sharePercent", Number, false), new("perDay", Money, false)], true) { BalanceSign = 1 },
        new("refund", "POST", $"{Account}/refunds", [Amount, Reason], true) { BalanceSign = -1 },
        new("reversal", "POST", $"{Account}/reversals", [new("payment", Text), Reason], true),
        new("mode", "POST", $"{Account}/mode",
            [
                new("mode", Choice, Choices: ["prepaid", "postpaid", "instalments"]), new("consent", Text, false), new("debtSharePercent", Number, false),
                new("debtPerDay", Money, false),
            ],
            true),
        new("tariff", "POST", $"{Account}/tariff", [new("tariff", Text), new("from", Day), new("version", Number, false)]),
        new("tariff-correction", "POST", $"{Account}/tariff-corrections",
            [new("tariff", Text), new("from", Day), new("version", Number, false), Reason], true) { HasDryRun = true },
        new("household", "POST", $"{Account}/household", [new("householdSize", Number), new("protected", Check), new("from", Day), Reason]),
        new("write-off", "POST", $"{Account}/write-offs", [Amount, Reason], true) { BalanceSign = 1 },
    ];

    /// <summary>What is done with an exception of a reading, beside its row.</summary>
    public static ConsoleAction Decision { get; } = new("decision", "POST", $"{Account}/reading-decisions",
        [
            new("meter", Hidden), new("at", Hidden), new("code", Hidden),
            new("decision", Choice, Choices: ["accept", "edit", "estimate", "dismiss", "rollover", "setBack"]), new("valueWh", Number, false),
            new("method", Choice, false, ["interpolated", "sameWeekdays"]), Reason,
        ],
        true)
    {
        HasDryRun = true,
    };

    /// <summary>Ends the links of a customer's page.</summary>
    public static ConsoleAction EndPageLinks { get; } = new("page-links-end", "DELETE", $"{Account}/page-links", []);

    /// <summary>What is done with a case.</summary>
    public static IReadOnlyList<ConsoleAction> OfCase { get; } =
    [
        new("case-take", "POST", $"{Case}/take", [new("reason", Text, false)]),
        new("case-contact", "POST", $"{Case}/contacts",
            [new("channel", Choice, Choices: ContactKinds), new("outcome", Choice, Choices: Outcomes), new("note", Text, false)]),
        new("case-promised", "POST", $"{Case}/close",
            [new("outcome", Text), new("result", Hidden, Choices: ["promised"]), new("promisedBy", Day)]),
        new("case-close-contact", "POST", $"{Case}/close",
            [new("contact", Choice, Choices: ContactKinds), new("outcome", Choice, Choices: Outcomes), new("note", Text, false)]),
        new("case-close", "POST", $"{Case}/close",
            [new("outcome", Text), new("result", Choice, Choices: ["done", "paid", "notReached", "notNeeded", "duplicate"])]),
        new("case-hand-over", "POST", $"{Case}/hand-over", [new("to", Text), Reason]),
        new("case-postpone", "POST", $"{Case}/postpone", [new("until", Day), Reason]),
    ];

    /// <summary>What is done with the grid and its queues.</summary>
    public static IReadOnlyList<ConsoleAction> OfGrid { get; } =
    [
        new("cuts-stop", "POST", "/v1/operations/cuts", [new("stopped", Hidden, Choices: ["true"]), Reason]),
        new("cuts-resume", "POST", "/v1/operations/cuts", [new("stopped", Hidden, Choices: ["false"]), Reason]),
        new("cut-release", "POST", "/v1/relays/held/{account}/{sequence:int}", [new("account", Hidden), new("sequence", Hidden)]),
        new("message-replay", "POST", "/v1/notices/{id}/replay", []),
        new("approval-agree", "POST", "/v1/approvals/{id:guid}", [new("agree", Hidden, Choices: ["true"]), new("hash", Hidden)]),
        new("approval-refuse", "POST", "/v1/approvals/{id:guid}", [new("agree", Hidden, Choices: ["false"]), new("hash", Hidden)]),
        new("operator-new", "POST", "/v1/operators",
            [
                new("name", Text), new("displayName", Text, false), new("role", Choice, Choices: [.. Security.OperatorStore.Roles.Keys]),
                new("area", Text, false), new("manager", Text, false), new("password", Secret),
            ]),
        new("operator-password", "POST", "/v1/operators/{name}/password", [new("name", Hidden), new("password", Secret)]),
        new("operator-disable", "DELETE", "/v1/operators/{name}", [new("name", Hidden)]),
        new("operator-enable", "POST", "/v1/operators/{name}/enable", [new("name", Hidden)]),
    ];

    private static readonly Dictionary<string, ConsoleAction> ByName =
        OfAccount.Append(Decision).Append(EndPageLinks).Concat(OfCase).Concat(OfGrid).Concat(SectionActions.All).ToDictionary(a => a.Name);

    public static IEnumerable<ConsoleAction> All => ByName.Values;

    public static ConsoleAction? Find(string name) => ByName.GetValueOrDefault(name);
}
