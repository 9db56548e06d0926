using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>A charge taken apart. Parts may be negative in a correction.</summary>
/// <param name="Tax">All taxes that are added.</param>
/// <param name="Levies">Levies with names of their own; others are in the price of energy.</param>
/// <param name="Named">
/// Levies and taxes by name; those that prices include, and those on exported energy, are no part of the total beside it. Null where the tariff names none.
/// </param>
/// <param name="Export">What exported energy brings, with its own taxes: below zero where it is a credit.</param>
/// <param name="Capacity">Charge for contracted capacity, or for the maximum demand.</param>
/// <param name="PowerFactor">What the power factor adds to charges; below zero where it takes off.</param>
public readonly record struct ChargeParts(
    WideMoney Energy, WideMoney Tiers, WideMoney Standing, WideMoney Tax, WideMoney Levies = default, NamedAmounts? Named = null, WideMoney Export = default,
    WideMoney Capacity = default, WideMoney PowerFactor = default)
{
    public WideMoney Total => Energy + Tiers + Standing + Tax + Levies + Export + Capacity + PowerFactor;

    public static ChargeParts operator -(ChargeParts a, ChargeParts b) =>
        new(a.Energy - b.Energy, a.Tiers - b.Tiers, a.Standing - b.Standing, a.Tax - b.Tax, a.Levies - b.Levies, NamedAmounts.Difference(a.Named, b.Named),
            a.Export - b.Export, a.Capacity - b.Capacity, a.PowerFactor - b.PowerFactor);

    public static ChargeParts operator +(ChargeParts a, ChargeParts b) =>
        new(a.Energy + b.Energy, a.Tiers + b.Tiers, a.Standing + b.Standing, a.Tax + b.Tax, a.Levies + b.Levies, NamedAmounts.Sum(a.Named, b.Named),
            a.Export + b.Export, a.Capacity + b.Capacity, a.PowerFactor + b.PowerFactor);
}
