namespace AccountGrid.Domain.Readings;

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
