namespace AccountGrid.Host.Accounts;

/// <param name="Unit"><c>kVA</c> or <c>kW</c>; what the tariff of the day charges by if absent. Another unit can be agreed on for a
/// day to come, before the tariff changes.</param>
/// <param name="Capacity">In the unit: a decimal string above 0 with at most three decimals.</param>
/// <param name="From">
/// First local day, <c>yyyy-MM-dd</c>, on which it holds; it holds up to the next day for which there is one. Under a demand charge the first day of a month to
/// come.
/// </param>
public sealed record SetContractedCapacityRequest(string Capacity, DateOnly From, string Reason, string? Unit = null);
