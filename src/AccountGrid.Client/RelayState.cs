namespace AccountGrid.Client;

/// <summary>A meter's relay, as the meter confirms it.</summary>
public enum RelayState
{
    /// <summary>Supply is switched off.</summary>
    Off = 0,

    /// <summary>Supply is switched on.</summary>
    On = 1,
}
