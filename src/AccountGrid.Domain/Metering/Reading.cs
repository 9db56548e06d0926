namespace AccountGrid.Domain.Metering;

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

/// <summary>Quality of a value: IEEE 2030.5's flag bits 0 to 6, then the grid's own.</summary>
[Flags]
public enum ReadingQuality : ushort
{
    None = 0,
    Valid = 1 << 0,
    Manual = 1 << 1,
    Edited = 1 << 2,
    Estimated = 1 << 3,
    Questionable = 1 << 4,
    Derived = 1 << 5,
    Projected = 1 << 6,
    ClockSuspect = 1 << 7,
    PowerFail = 1 << 8,
    RegisterReset = 1 << 9,
    Rollover = 1 << 10,
    Test = 1 << 11,
    Late = 1 << 12,
    MeterChanged = 1 << 13,

    /// <summary>Set by the grid alone: the point is known and does not count, see <see cref="RegisterLine"/>.</summary>
    PassedOver = 1 << 14,

    /// <summary>Set by the grid alone: the border of back-billing; what was used up to it is not charged any more.</summary>
    BackBillingBorder = 1 << 15,

    /// <summary>Any of these: no cut may rest on the value.</summary>
    InDoubt = Estimated | Questionable | Projected | ClockSuspect | Test,
}

/// <summary>
/// One register value as the log carries it, trusted: the door has checked each field. Identity is (meter, register, time).
/// </summary>
/// <param name="Meter">The grid's number of the meter.</param>
/// <param name="TimeMs">When the meter registered it, UTC ms.</param>
/// <param name="ValueWh">Cumulative register, Wh.</param>
/// <param name="Revision">A higher one replaces a value under the same identity; 0 is the first.</param>
public readonly record struct Reading(int Meter, RegisterKind Register, long TimeMs, long ValueWh, ReadingQuality Quality, byte Revision);

/// <summary>A known point of a meter's import register. <see cref="Shape"/> is the load shape by which the difference up to this point was spread.</summary>
public readonly record struct Point(long TimeMs, long ValueWh, ReadingQuality Quality = ReadingQuality.None, byte Revision = 0, byte[]? Shape = null);
