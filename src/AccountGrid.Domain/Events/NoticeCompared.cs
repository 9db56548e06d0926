using AccountGrid.Domain.State;
namespace AccountGrid.Domain.Events;

/// <summary>A message that waited was compared with the present before it left.</summary>
/// <param name="Kind">What it says now; null was withdrawn.</param>
/// <param name="Reason">Why it was withdrawn.</param>
public sealed record NoticeCompared(string Id, NoticeKind? Kind, string? Reason) : AccountEvent;
