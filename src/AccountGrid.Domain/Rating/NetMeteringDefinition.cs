namespace AccountGrid.Domain.Rating;

/// <summary>
/// Net metering: in each tariff period (a month, or a year where tiers are per year) exported energy is taken off imported energy. What is taken off costs
/// nothing but levies, which are on all that is imported; tiers count all of it too. What is left is carried into the next period, until a settlement. Only the
/// import of meters that measure export is netted. A version or tariff that begins within a period splits it.
/// </summary>
public sealed record NetMeteringDefinition
{
    /// <summary>
    /// <c>rate</c>: exported energy of a rate is taken off imported energy of that rate. <c>total</c>: all of it is taken off all rates, in the order in which
    /// the tariff lists them. <c>value</c>: each exported kWh is worth its rate's price, and the worth is taken off what imported energy costs; what is left is
    /// carried as money and expires at a settlement, which pays for kWh that were exported beyond imported ones since the one before.
    /// </summary>
    public string Per { get; init; } = "rate";

    /// <summary>Months, 1 to 12, at whose end what is left is settled; all of them: nothing is carried. Where tiers are per year, 12.</summary>
    public required IReadOnlyList<int> SettledAfter { get; init; }

    /// <summary>What a settled kWh is paid, decimal string with at most six decimals, without tax; 0: it expires.</summary>
    public string RestPricePerKwh { get; init; } = "0";
}
