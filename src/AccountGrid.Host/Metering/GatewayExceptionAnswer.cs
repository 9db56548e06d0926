namespace AccountGrid.Host.Metering;

/// <summary>A reading that could not be decided, as its gateway sees it.</summary>
/// <param name="Code">The validation outcome.</param>
/// <param name="HeldWh">Energy not charged because of it, Wh; negative where a register fell.</param>
/// <param name="Register">OBIS code of the register.</param>
/// <param name="Open">False once later readings made it clear.</param>
public sealed record GatewayExceptionAnswer(string Meter, string Code, DateTimeOffset At, long ValueWh, long HeldWh, bool Open, string? Detail,
    string Register);
