namespace AccountGrid.Domain.Partitions;

/// <summary>State of a relay command. <see cref="RelayCommandStates"/> has the codes.</summary>
public enum RelayCommandState
{
    /// <summary>Decided. A gateway must ask for it before it is released.</summary>
    Planned,

    /// <summary>On its way to the gateway.</summary>
    Released,

    /// <summary>Taken back before it was carried out.</summary>
    Withdrawn,

    /// <summary>Carried out, as the gateway reports.</summary>
    Confirmed,
}
