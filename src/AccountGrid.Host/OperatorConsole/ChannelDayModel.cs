using AccountGrid.Host.Http;
using AccountGrid.Host.Reconciliation;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>A business day of a channel with its differences.</summary>
/// <param name="State">Which differences are listed; empty is all.</param>
/// <param name="Day">As it was last compared.</param>
/// <param name="Compared">As it is compared now, where that was asked for; null where it was not.</param>
public sealed record ChannelDayModel(
    string Channel, string DayName, string State, ConsolePart<List<ReconciliationDayListItem>> Day, ConsolePart<ReconciliationDayAnswer>? Compared,
    ConsolePart<Page<ReconciliationItemAnswer>> Items);
