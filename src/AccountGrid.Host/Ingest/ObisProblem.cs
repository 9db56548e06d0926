namespace AccountGrid.Host.Ingest;

/// <summary>Why a register is not taken.</summary>
public enum ObisProblem
{
    None,

    /// <summary>Not an OBIS code, or one of no energy register that is known here.</summary>
    Unknown,

    /// <summary>Of another medium than electricity (value group A is not 1).</summary>
    OtherMedium,

    /// <summary>Of a billing period that is over (value group F is not 255).</summary>
    History,

    /// <summary>A part of the export total by the meter's own periods.</summary>
    NotCharged,
}
