namespace AccountGrid.Host.Accounts;

/// <param name="WouldCost">What the days would have cost, with standing charge, tiers and tax; decimal string.</param>
/// <param name="Difference">That less what they did cost: negative where it would have been cheaper.</param>
public sealed record ComparedRate(string Tariff, int Version, string WouldCost, string Difference);
