using AccountGrid.Host.Accounts;
using AccountGrid.Host.Prices;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What a second person is asked to publish, beside the version before it.</summary>
/// <param name="Check">What publishing it would be now; null where it is refused.</param>
/// <param name="Refusal">Why it cannot be published any more; null where it can.</param>
/// <param name="Rows">What differs, or all members where there is no version before it.</param>
public sealed record PublicationModel(
    ApprovalAnswer Approval, string Id, int Version, PublicationAnswer? Check, Refusal? Refusal, IReadOnlyList<DefinitionRow> Rows);
