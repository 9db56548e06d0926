namespace AccountGrid.Host.Metering;

/// <param name="FinalWh">Last value of the old device's 1.8.0, Wh; of a device without it, the sum of its rate registers.</param>
/// <param name="StartWh">First value of the new device's 1.8.0, Wh, likewise.</param>
/// <param name="FinalRatesWh">Last values of the old device's rate registers, Wh, 1.8.1 first, if it is charged by them.</param>
/// <param name="StartRatesWh">First values of the new device's rate registers, Wh, if it is to be charged by them.</param>
/// <param name="FinalExportWh">Last value of the old device's 2.8.0, Wh, if it measures export.</param>
/// <param name="StartExportWh">First value of the new device's 2.8.0, Wh, if it is to measure export.</param>
/// <param name="FinalReactiveVarh">Last value of the old device's 3.8.0, varh, if it measures reactive energy.</param>
/// <param name="StartReactiveVarh">First value of the new device's 3.8.0, varh, if it is to measure reactive energy.</param>
/// <param name="Ratio">Ratio of the transformers from then on, a decimal string such as 60; that of the old device if absent: transformers belong to the
/// place.</param>
public sealed record ExchangeMeterRequest(string NewMeter, DateTimeOffset At, long FinalWh, long StartWh, long CapacityW = 0, long RegisterWidthWh = 0,
    int IntervalSeconds = 0, IReadOnlyList<long>? FinalRatesWh = null, IReadOnlyList<long>? StartRatesWh = null, long? FinalExportWh = null,
    long? StartExportWh = null, long? FinalReactiveVarh = null, long? StartReactiveVarh = null, string? Ratio = null);
