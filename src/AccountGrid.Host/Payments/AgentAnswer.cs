namespace AccountGrid.Host.Payments;

/// <param name="Float">What the agent has deposited less what it has sold, with its commissions; decimal string.</param>
/// <param name="Limit">How far below zero the float may stand.</param>
/// <param name="Available">What can be sold now.</param>
/// <param name="CommissionPercent">What the agent keeps of a sale.</param>
public sealed record AgentAnswer(string Id, string Channel, string Currency, string Float, string Limit, string Available, string CommissionPercent);
