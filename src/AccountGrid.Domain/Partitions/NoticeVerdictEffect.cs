using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>A message that waited was compared with the present.</summary>
/// <param name="AtMs">The present, UTC ms.</param>
/// <param name="Kind">What it says now; null withdraws it.</param>
/// <param name="Facts">The facts of now; null where it is withdrawn, or no figure of it can change.</param>
/// <param name="Reason">Why it is withdrawn.</param>
public sealed record NoticeVerdictEffect(string Id, long AtMs, NoticeKind? Kind, NoticeFacts? Facts, string? Reason);
