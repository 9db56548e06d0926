namespace AccountGrid.Domain.Rating;

/// <summary>
/// A tax with a name of its own, on parts of a period's charge. An included tax is in the prices: it shows what of them it is. Others are added. No tax is on
/// another tax: what is added is calculated on prices without the taxes that they include.
/// </summary>
public sealed record TaxDefinition
{
    /// <summary>Name on the bill, unique among levies and taxes.</summary>
    public required string Name { get; init; }

    /// <summary>Rate, hundredths of a percent, 1 to 10,000.</summary>
    public required int BasisPoints { get; init; }

    /// <summary>Prices include it.</summary>
    public bool Included { get; init; }

    /// <summary>Parts that it is on: any of <c>energy</c> (with tiers), <c>standing</c> and <c>levies</c>; empty is all.</summary>
    public IReadOnlyList<string> On { get; init; } = [];

    /// <summary>First local day, the first of a month, or of a year where tiers are per year; null is from the beginning.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last local day, the last of a month, or of a year where tiers are per year; null is without end.</summary>
    public DateOnly? Until { get; init; }
}
