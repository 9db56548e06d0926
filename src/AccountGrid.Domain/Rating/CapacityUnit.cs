namespace AccountGrid.Domain.Rating;

/// <summary>What a contracted capacity is counted in.</summary>
public enum CapacityUnit : byte
{
    /// <summary>Whatever the tariff counts: a contract of before units were kept.</summary>
    Any = 0,

    /// <summary>Capacity of transformers, kVA.</summary>
    Kva = 1,

    /// <summary>Power, kW.</summary>
    Kw = 2,
}
