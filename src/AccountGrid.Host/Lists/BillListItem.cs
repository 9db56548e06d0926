namespace AccountGrid.Host.Lists;

/// <summary>A bill in a list.</summary>
/// <param name="From">First local day of its period.</param>
/// <param name="To">Last local day of its period.</param>
/// <param name="Due">Day by which it is to be paid; null where it asks for nothing.</param>
/// <param name="Amount">What it asks for, in the account's currency; below zero where it gives.</param>
/// <param name="Written">Its document is written, and can be read.</param>
public sealed record BillListItem(string Id, string Account, DateOnly From, DateOnly To, DateOnly? Due, string Amount, bool Written);
