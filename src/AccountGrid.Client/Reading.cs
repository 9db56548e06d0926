namespace AccountGrid.Client;

/// <summary>One value of a meter's cumulative register.</summary>
/// <param name="Meter">Id of the meter, 1 to 32 visible ASCII characters.</param>
/// <param name="At">When the register had the value; milliseconds count, what is less is cut off.</param>
/// <param name="Value">The register, in Wh times ten to the power of <paramref name="Scale"/>.</param>
/// <param name="Scale">-3 to 6; 3 for a register in kWh.</param>
/// <param name="Obis">Register: <c>1.8.0</c>, which null stands for, <c>1.8.1</c> to <c>1.8.4</c> or <c>2.8.0</c>.</param>
public sealed record Reading(string Meter, DateTimeOffset At, long Value, int Scale = 0, string? Obis = null)
{
    /// <summary>Quality codes, such as <c>estimated</c> or CIM's <c>1.1.9</c>; null or empty is valid.</summary>
    public IReadOnlyList<string>? Quality { get; init; }

    /// <summary>0 to 255; a higher revision replaces the value of the same instant.</summary>
    public int Revision { get; init; }
}
