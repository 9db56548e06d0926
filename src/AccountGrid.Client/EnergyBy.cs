namespace AccountGrid.Client;

/// <summary>How energy is summed.</summary>
public enum EnergyBy
{
    /// <summary>By local day.</summary>
    Day = 0,

    /// <summary>By hour.</summary>
    Hour = 1,

    /// <summary>By period of the tariff.</summary>
    Period = 2,
}
