using AccountGrid.Domain.Commands;

namespace AccountGrid.Host.Accounts;

/// <summary>A decision about a reading that waits for a second person: what was asked for, what it would come to, and the command that it is.</summary>
/// <param name="Asked">In the words of the API.</param>
internal sealed record DecisionApproval(DecisionAnswer Asked, DecideReading Command);
