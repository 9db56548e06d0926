namespace AccountGrid.Domain.Rating;

/// <summary>A feed-in tariff: each exported kWh is credited at a price. The tariff's schedule says which rate an hour has.</summary>
public sealed record FeedInDefinition
{
    /// <summary>Price per exported kWh, decimal string with at most six decimals; below zero the customer pays for it.</summary>
    public required string PricePerKwh { get; init; }

    /// <summary>Other prices by name of the tariff's rates. Kept in the order of the names: one content has one form.</summary>
    public IReadOnlyDictionary<string, string> Prices
    {
        get;
        init => field = value is null ? null! : new SortedDictionary<string, string>(value.ToDictionary(), StringComparer.Ordinal);
    } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Taxes on what is credited; those of the tariff are on what is imported.</summary>
    public IReadOnlyList<ExportTaxDefinition> Taxes { get; init; } = [];
}
