namespace AccountGrid.Domain.Commands;

/// <summary>The terms under which an agent sells against its float, from now on. What is null stays as it is.</summary>
/// <param name="Limit">How far below zero the float may stand, not negative.</param>
/// <param name="CommissionPpm">What the agent keeps of a sale, millionths of the amount.</param>
/// <param name="DecidedBy">Who decided it.</param>
public sealed record SetFloatTerms(int Account, Money? Limit, int? CommissionPpm, string? DecidedBy = null) : AccountCommand(Account);
