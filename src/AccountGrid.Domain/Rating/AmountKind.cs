namespace AccountGrid.Domain.Rating;

/// <summary>What an amount with a name of the tariff's own is.</summary>
public enum AmountKind : byte
{
    /// <summary>A levy of <see cref="TariffDefinition.Levies"/>; part of the charge.</summary>
    Levy = 1,

    /// <summary>A tax that is added; part of the charge.</summary>
    Tax,

    /// <summary>A tax that prices include: what of the charge it is, and nothing beside it.</summary>
    IncludedTax,

    /// <summary>A tax on what a feed-in tariff credits: above zero it is paid with the credit, below it is withheld.</summary>
    ExportTax,
}
