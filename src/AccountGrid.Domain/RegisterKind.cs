namespace AccountGrid.Domain;

/// <summary>
/// Registers that the grid knows, by the C.D.E part of their OBIS code (IEC 62056-61). A meter is charged by its import total or by its rate registers, as its
/// installation says.
/// </summary>
public enum RegisterKind : byte
{
    /// <summary>1.8.0, cumulative import, Wh.</summary>
    Import = 0,

    /// <summary>1.8.1, cumulative import at the meter's first rate, Wh; the others likewise.</summary>
    ImportRate1 = 1,
    ImportRate2 = 2,
    ImportRate3 = 3,
    ImportRate4 = 4,

    /// <summary>2.8.0, cumulative export, Wh.</summary>
    Export = 5,

    /// <summary>3.8.0, cumulative reactive import, varh.</summary>
    Reactive = 6,
}
