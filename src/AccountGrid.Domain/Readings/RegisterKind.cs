namespace AccountGrid.Domain.Readings;

/// <summary>Registers that the grid knows, by the C.D.E part of their OBIS code. Only the import total is charged.</summary>
public enum RegisterKind : byte
{
    /// <summary>1.8.0, cumulative import, Wh.</summary>
    Import = 0,
    ImportRate1 = 1,
    ImportRate2 = 2,
    ImportRate3 = 3,
    ImportRate4 = 4,

    /// <summary>2.8.0, cumulative export, Wh.</summary>
    Export = 5,
}
