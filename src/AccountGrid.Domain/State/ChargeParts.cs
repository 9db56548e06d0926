namespace AccountGrid.Domain.State;

/// <summary>A charge taken apart. Parts may be negative in a correction.</summary>
public readonly record struct ChargeParts(WideMoney Energy, WideMoney Tiers, WideMoney Standing, WideMoney Tax)
{
    public WideMoney Total => Energy + Tiers + Standing + Tax;

    public static ChargeParts operator -(ChargeParts a, ChargeParts b) =>
        new(a.Energy - b.Energy, a.Tiers - b.Tiers, a.Standing - b.Standing, a.Tax - b.Tax);

    public static ChargeParts operator +(ChargeParts a, ChargeParts b) =>
        new(a.Energy + b.Energy, a.Tiers + b.Tiers, a.Standing + b.Standing, a.Tax + b.Tax);
}
