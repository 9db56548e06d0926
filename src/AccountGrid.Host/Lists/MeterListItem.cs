namespace AccountGrid.Host.Lists;

/// <summary>A meter in a list.</summary>
/// <param name="Account">The account that it is on now; null is none.</param>
/// <param name="RateRegisters">Rate registers that it is charged by; 0 where it is charged by its total.</param>
public sealed record MeterListItem(string Id, string Gateway, string? Account, int RateRegisters);
