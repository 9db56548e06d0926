namespace AccountGrid.Host.Accounts;

/// <param name="Capacity">kVA or kW, as the account's tariff counts it: a decimal string above 0 with at most three decimals.</param>
/// <param name="From">
/// First local day, <c>yyyy-MM-dd</c>, on which it holds; it holds up to the next day for which there is one. Under a demand charge the first day of a month to
/// come.
/// </param>
public sealed record SetContractedCapacityRequest(string Capacity, DateOnly From, string Reason);
