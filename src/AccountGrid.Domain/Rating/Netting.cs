namespace AccountGrid.Domain.Rating;

/// <summary>How exported energy is taken off imported energy: <see cref="NetMeteringDefinition.Per"/> after its check.</summary>
public enum Netting
{
    /// <summary>No net metering.</summary>
    None,

    /// <summary>Energy, rate by rate.</summary>
    ByRate,

    /// <summary>Energy, over all rates.</summary>
    ByTotal,

    /// <summary>What it is worth.</summary>
    ByValue,
}
