using AccountGrid.Domain.Policies;

namespace AccountGrid.Host.Notices;

/// <summary>A message that a sender has claimed.</summary>
/// <param name="Way">Which of its ways is its turn.</param>
/// <param name="ConfirmedMs">When it was last compared with the present, UTC ms; 0 is not since it was decided.</param>
internal sealed record ClaimedMessage(OutboxMessage Message, List<ContactChannel> Ways, int Way, int Account, int Partition, QuietTime? Quiet,
    long ConfirmedMs = 0);
