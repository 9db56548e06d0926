using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <summary>Decides a complaint: its case is closed and its hold ends.</summary>
/// <param name="By">Who decided.</param>
public sealed record ResolveComplaint(int Account, string ComplaintId, ComplaintTopic Topic, ComplaintOutcome Outcome, string By) : AccountCommand(Account);
