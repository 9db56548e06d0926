namespace AccountGrid.Host.Metering;

/// <param name="At">The instant of the removal, with its offset from UTC: readings up to it belong to the account, later ones to none.</param>
/// <param name="RegisterWh">1.8.0 then; the last value known at that instant if absent.</param>
/// <param name="RateRegistersWh">The rate registers then, 1.8.1 first; the last values known if absent.</param>
/// <param name="ExportWh">2.8.0 then; the last value known if absent.</param>
/// <param name="ReactiveVarh">3.8.0 then, varh; needed with <paramref name="RegisterWh"/> where the meter measures it.</param>
public sealed record RemoveMeterRequest(DateTimeOffset At, long? RegisterWh = null, IReadOnlyList<long>? RateRegistersWh = null, long? ExportWh = null,
    long? ReactiveVarh = null);
