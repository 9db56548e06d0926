using AccountGrid.Host.Cases;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Supply;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What an operator should look at first; null is not for their role.</summary>
/// <param name="Own">Cases that are theirs.</param>
/// <param name="Unowned">Cases that nobody has.</param>
/// <param name="Held">Cuts that wait for a person.</param>
public sealed record TodayModel(
    Page<CaseAnswer>? Own, Page<CaseAnswer>? Unowned, IReadOnlyList<FindingAnswer>? Findings, IReadOnlyList<QuarantineAnswer>? Quarantined,
    IReadOnlyList<HeldCut>? Held, IReadOnlyList<NoticeAnswer>? Parked);
