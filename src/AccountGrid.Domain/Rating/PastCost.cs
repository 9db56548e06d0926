namespace AccountGrid.Domain.Rating;

/// <summary>What past days of an account cost by the prices before a change, and by those after it: for the same use, and the household of today.</summary>
/// <param name="FromDay">First local day, as a day number.</param>
/// <param name="ToDay">Last day.</param>
/// <param name="EnergyWh">Use of the days, Wh.</param>
/// <param name="Old">By the old prices, with standing charge, tiers, levies and tax; decimal string.</param>
/// <param name="New">By the new prices.</param>
public sealed record PastCost(int FromDay, int ToDay, long EnergyWh, string Old, string New);
