using System.Collections.Frozen;
using System.Reflection;

namespace AccountGrid.Domain.Refusals;

/// <summary>Every code with which the grid refuses something, by subject. The reference page <c>docs/error-codes.md</c> is made from it.</summary>
public static class RefusalCatalogue
{
    public static IReadOnlyList<RefusalSubject> Subjects { get; } =
    [
        Of("Requests", "The form and size of a request, and fields that many endpoints share.", typeof(RequestRefusals)),
        Of("Grid", "The state of the grid or of one of its processes, whatever was asked.", typeof(GridRefusals)),
        Of("Access", "Keys, tokens and approvals.", typeof(AccessRefusals)),
        Of("Tariffs", "Tariffs and their versions.", typeof(TariffRefusals)),
        Of("Price series", "Price series and the prices of their intervals.", typeof(PriceRefusals)),
        Of("Policy packs", "Policy packs and their versions.", typeof(PolicyRefusals)),
        Of("Accounts", "Accounts, households and payment modes.", typeof(AccountRefusals)),
        Of("Billing", "Payments, adjustments, bills, plans and debt.", typeof(BillingRefusals)),
        Of("Payment channels", "Payment channels, their payments and reversals.", typeof(PaymentChannelRefusals)),
        Of("Settlement", "Settlement files and the reconciliation of a channel's days.", typeof(SettlementRefusals)),
        Of("Agents", "Agents, their floats, and suspense accounts.", typeof(AgentRefusals)),
        Of("Direct debit", "Mandates, collections and what banks answer.", typeof(DirectDebitRefusals)),
        Of("Customers", "Customers, holds, cases and notices.", typeof(CustomerRefusals)),
        Of("Register of customers", "Customers with their accounts, areas, and who is responsible.", typeof(RegistryRefusals)),
        Of("Prepayment", "Offers of prepaid terms, and consent to them.", typeof(PrepaymentRefusals)),
        Of("Meters", "Meters and gateways.", typeof(MeterRefusals)),
        Of("Readings", "Named with the item of a batch, or with a reading that a person must decide about.", typeof(ReadingRefusals)),
        Of("Files", "Uploads of meter data; what is wrong within a file is in its job.", typeof(FileRefusals)),
        Of("MQTT messages", "Whole messages that the role mqtt refuses; single readings in them have the codes of readings.", typeof(MqttRefusals)),
        Of("Events and webhooks", "The list of events, and webhooks that carry them.", typeof(EventRefusals)),
        Of("Decisions about readings", "Decisions that people take about exceptions of readings.", typeof(DecisionRefusals)),
        Of("Estimates", "Values of meters that send nothing.", typeof(EstimateRefusals)),
        Of("Relays", "Relay commands and relay tests.", typeof(RelayRefusals)),
        Of("Interlock", "Reasons why supply may not be cut. The interlock names all that apply.", typeof(InterlockReasons)),
        Of("Quarantine", "Decisions about quarantined records.", typeof(QuarantineRefusals)),
    ];

    private static readonly FrozenDictionary<string, RefusalCode> ByText =
        Subjects.SelectMany(s => s.Codes).ToFrozenDictionary(c => c.Text, StringComparer.Ordinal);

    /// <summary>The code with a text that was stored or received.</summary>
    /// <exception cref="KeyNotFoundException">No code has this text.</exception>
    public static RefusalCode Find(string text) =>
        ByText.TryGetValue(text, out var code) ? code : throw new KeyNotFoundException($"'{text}' is not a code of the catalogue of refusals.");

    private static RefusalSubject Of(string name, string summary, Type codes) => new(
        name,
        summary,
        [.. codes.GetProperties(BindingFlags.Public | BindingFlags.Static).OrderBy(p => p.MetadataToken).Select(p => (RefusalCode)p.GetValue(null)!)]);
}
