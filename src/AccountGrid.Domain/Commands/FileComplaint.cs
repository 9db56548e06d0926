using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <summary>Opens a complaint: a case, and a hold if it is a grievance. What was said stays outside the log.</summary>
/// <param name="ComplaintId">Its name in the register of complaints; an account has it once.</param>
public sealed record FileComplaint(int Account, string ComplaintId, ComplaintTopic Topic) : AccountCommand(Account);
