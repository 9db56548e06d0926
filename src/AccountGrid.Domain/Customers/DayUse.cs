namespace AccountGrid.Domain.Customers;

/// <summary>Energy that an account used on a local day (day number) that is closed.</summary>
public readonly record struct DayUse(int Day, Energy Energy);
