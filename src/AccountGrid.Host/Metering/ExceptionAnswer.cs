namespace AccountGrid.Host.Metering;

/// <param name="Code">The validation outcome.</param>
/// <param name="HeldWh">Energy not charged because of it; negative where a register fell.</param>
/// <param name="Register">OBIS code of the register.</param>
/// <param name="Open">False once later readings made it clear.</param>
public sealed record ExceptionAnswer(string Meter, string? Account, string Code, DateTimeOffset At, long ValueWh, long HeldWh, bool Open, string? Detail,
    string Register);
