namespace AccountGrid.Domain.State;

/// <summary>
/// Debt carried beside the balance by agreement. On a prepaid account a share of each payment recovers it, or an amount per day, out of what is above zero; on
/// bills the same share of each bill and the days' amounts are asked for by the next bill.
/// </summary>
/// <param name="ShareBasisPoints">Share of each payment or bill, hundredths of a percent.</param>
/// <param name="ThroughDay">Last local day for which the daily part was looked at.</param>
public readonly record struct Debt(Money Left, int ShareBasisPoints, Money PerDay, int ThroughDay);
