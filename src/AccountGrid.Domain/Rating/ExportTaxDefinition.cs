namespace AccountGrid.Domain.Rating;

/// <summary>A tax on what a feed-in tariff credits in a period, rounded once. No tax is on another tax.</summary>
public sealed record ExportTaxDefinition
{
    /// <summary>Name on the bill.</summary>
    public required string Name { get; init; }

    /// <summary>Rate, hundredths of a percent, 1 to 10,000.</summary>
    public required int BasisPoints { get; init; }

    /// <summary>It is taken off the credit, as income tax is that the company withholds; else it is paid with it, as value-added tax is.</summary>
    public bool Withheld { get; init; }
}
