using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>A charge taken apart. Parts may be negative in a correction.</summary>
/// <param name="Tax">All taxes that are added.</param>
/// <param name="Levies">Levies with names of their own; others are in the price of energy.</param>
/// <param name="Named">Levies and taxes by name; those that prices include are no part of the total. Null where the tariff names none.</param>
public readonly record struct ChargeParts(
    WideMoney Energy, WideMoney Tiers, WideMoney Standing, WideMoney Tax, WideMoney Levies = default, NamedAmounts? Named = null)
{
    public WideMoney Total => Energy + Tiers + Standing + Tax + Levies;

    public static ChargeParts operator -(ChargeParts a, ChargeParts b) =>
        new(a.Energy - b.Energy, a.Tiers - b.Tiers, a.Standing - b.Standing, a.Tax - b.Tax, a.Levies - b.Levies, NamedAmounts.Difference(a.Named, b.Named));

    public static ChargeParts operator +(ChargeParts a, ChargeParts b) =>
        new(a.Energy + b.Energy, a.Tiers + b.Tiers, a.Standing + b.Standing, a.Tax + b.Tax, a.Levies + b.Levies, NamedAmounts.Sum(a.Named, b.Named));
}
