namespace AccountGrid.Host.MeterFiles;

/// <summary>The ReadingType of a Green Button feed that has none.</summary>
/// <param name="PowerOfTenMultiplier">Values are Wh times ten to its power: -3 where they are thousandths of a Wh.</param>
/// <param name="Register">OBIS code of the register.</param>
/// <param name="Holds"><c>energy</c> of intervals, or <c>register</c>.</param>
public sealed record EspiMapping(int PowerOfTenMultiplier, string Register = "1.8.0", string Holds = "energy");
