using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.OperatorConsole;

/// <param name="Kinds">Kinds that the operator may see.</param>
/// <param name="Kind">The kind that is asked for; null is all.</param>
public sealed record TimelineModel(
    string Account, string Zone, string Currency, Page<TimelineRow> Rows, IReadOnlyList<string> Kinds, string? Kind, string? Error);
