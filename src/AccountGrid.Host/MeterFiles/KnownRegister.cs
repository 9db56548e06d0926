namespace AccountGrid.Host.MeterFiles;

/// <summary>The last value of a register that the grid has.</summary>
/// <param name="Ms">UTC ms.</param>
public readonly record struct KnownRegister(long Ms, long Wh);
