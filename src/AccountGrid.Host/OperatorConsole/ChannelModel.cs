using AccountGrid.Host.Payments;
using AccountGrid.Host.Reconciliation;
using AccountGrid.Host.Scorecard;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>A payment channel: what it was configured to be, how well it worked, and its business days.</summary>
/// <param name="From">First day that is shown, as it stands in the address.</param>
/// <param name="To">Last day.</param>
/// <param name="Versions">The latest first.</param>
public sealed record ChannelModel(
    string Channel, string From, string To, IReadOnlyList<PaymentChannelDefinition> Versions, ConsolePart<ScorecardAnswer> Scorecard,
    ConsolePart<List<ReconciliationDayListItem>> Days);
