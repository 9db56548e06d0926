namespace AccountGrid.Host.MeterFiles;

/// <summary>The last value of a register that the grid has.</summary>
/// <param name="Ms">UTC ms.</param>
/// <param name="HasRatio">Whether it is, or was, behind transformers, and does not show energy of the supply.</param>
public readonly record struct KnownRegister(long Ms, long Wh, bool HasRatio = false);
