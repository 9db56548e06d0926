namespace AccountGrid.Host.Metering;

/// <param name="At">The instant of the move, with its offset from UTC, not before the new account's first day: readings up to it belong to the old account,
/// later ones to the new.</param>
/// <param name="RegisterWh">The register then; the last value known at that instant if absent.</param>
public sealed record AssignMeterRequest(string Account, DateTimeOffset At, long? RegisterWh = null);
