namespace AccountGrid.Domain.Rating;

/// <summary>What a tariff gives for energy that meters deliver to the grid, 2.8.0: one of the two. It never counts into tiers.</summary>
public sealed record ExportDefinition
{
    /// <summary>A price for each exported kWh.</summary>
    public FeedInDefinition? FeedIn { get; init; }

    /// <summary>Exported energy is taken off what is imported.</summary>
    public NetMeteringDefinition? NetMetering { get; init; }
}
