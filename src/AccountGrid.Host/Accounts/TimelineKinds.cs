namespace AccountGrid.Host.Accounts;

/// <summary>Of what kind an event is in a timeline.</summary>
internal static class TimelineKinds
{
    /// <summary>All kinds, in the order of a filter.</summary>
    public static readonly IReadOnlyList<string> All = ["money", "message", "case", "collection", "supply", "account", "meter", "audit"];

    /// <summary>Types of events by kind. What is an entry of the ledger, a message or the opening of a case stands there as that, and not twice.</summary>
    private static readonly Dictionary<string, string[]> Types = new()
    {
        ["money"] = ["transfer-returned", "float-terms-set", "bill-closed"],
        ["message"] = ["delivery-reported", "notice-compared"],
        ["case"] = ["case-closed", "complaint-filed", "complaint-resolved"],
        ["collection"] =
        [
            "stage-entered", "hold-placed", "hold-lifted", "payment-announced", "payment-promised", "plan-agreed", "plan-broken", "plan-fulfilled",
            "plan-cancelled", "contact-recorded", "wait-begun-anew", "debit-announced", "debit-collected", "debit-returned",
        ],
        ["supply"] = ["cut-decided", "relay-changed", "restore-ordered"],
        ["account"] = ["account-opened", "account-closed", "tariff-changed", "household-changed", "customer-set", "mode-switched", "billing-cycle-set",
            "contracted-capacity-set"],
        ["meter"] = ["meter-installed", "meter-released", "meter-exchanged", "meter-facts-set", "reading-estimated", "reading-decided", "tamper-suspected"],
    };

    /// <summary>Types of events that a timeline leaves out.</summary>
    internal static readonly string[] Elsewhere =
    [
        "payment-taken", "payment-reversed", "refund-paid", "balance-adjusted", "money-transferred", "commission-earned", "internal-moved", "fees-waived",
        "debt-moved", "debt-recovered", "written-off", "compensation-given", "balance-low", "notice-given", "survey-asked", "price-notified",
    ];

    private static readonly Dictionary<string, string> KindsOfTypes =
        Types.SelectMany(t => t.Value.Select(v => (Type: v, Kind: t.Key))).ToDictionary(t => t.Type, t => t.Kind);

    /// <summary>The kind of a type of event; one that a later release writes is of the account.</summary>
    public static string KindOf(string type) => KindsOfTypes.GetValueOrDefault(type, "account");

    /// <summary>Types of events of a kind; of all kinds where it is null.</summary>
    public static string[] TypesOf(string? kind) => kind is null ? [.. KindsOfTypes.Keys] : Types.GetValueOrDefault(kind, []);
}
