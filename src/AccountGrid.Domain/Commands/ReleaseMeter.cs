namespace AccountGrid.Domain.Commands;

/// <summary>
/// The meter goes to another account or to none at an instant, or is charged by other registers from then on. Decided where it is; it then arrives there as
/// <see cref="ReceiveMeter"/>.
/// </summary>
/// <param name="RegisterWh">Its register 1.8.0 then; null takes the last value known at that instant.</param>
/// <param name="RateRegistersWh">Its rate registers then, 1.8.1 first; null takes the last values known at that instant.</param>
/// <param name="ByRates">Whether it is charged by its rate registers from then on; null is as before.</param>
/// <param name="ExportWh">Its 2.8.0 then; null takes the last value known at that instant.</param>
/// <param name="MeasuresExport">Whether it measures export from then on; null is as before.</param>
/// <param name="ReactiveVarh">Its 3.8.0 then, varh; null takes the last value known at that instant.</param>
/// <param name="MeasuresReactive">Whether it measures reactive energy from then on; null is as before.</param>
/// <param name="RatioMicro">The transformers' ratio at its new place, millionths; null is as before. A meter that was on no account has to say it where it was
/// not one.</param>
public sealed record ReleaseMeter(int Meter, int ToAccount, int ToPartition, long AtMs, long? RegisterWh, IReadOnlyList<long>? RateRegistersWh = null,
    bool? ByRates = null, long? ExportWh = null, bool? MeasuresExport = null, long? ReactiveVarh = null, bool? MeasuresReactive = null,
    long? RatioMicro = null)
    : GridCommand;
