namespace AccountGrid.Domain.Rating;

/// <summary>What a closed local day of a meter says about demand and power factor.</summary>
/// <param name="SupplyPoint">Number of the first meter of the place: one that replaced another measures the same demand.</param>
/// <param name="Day">The local day, as a day number.</param>
/// <param name="Assignment">Counts the meter's times on accounts.</param>
/// <param name="PeakW">Highest demand, the average of an interval, whole W; 0 where no interval counts.</param>
/// <param name="PeakAtMs">Beginning of that interval, UTC ms; of several with the same demand the first.</param>
/// <param name="ActiveWh">Energy that is charged, of a meter that measures 3.8.0; else 0.</param>
/// <param name="AtRates">What that energy costs at its rates.</param>
/// <param name="ReactiveVarh">3.8.0, varh.</param>
/// <param name="IsPair">Both are known for the whole day, so that they count for the power factor.</param>
public readonly record struct MeteredDay(
    int SupplyPoint, int Day, int Meter, int Assignment, long PeakW = 0, long PeakAtMs = 0, long ActiveWh = 0, Money AtRates = default, long ReactiveVarh = 0,
    bool IsPair = false)
{
    internal (int SupplyPoint, int Day, int Meter, int Assignment) Key => (SupplyPoint, Day, Meter, Assignment);

    internal bool IsEmpty => PeakW == 0 && ActiveWh == 0 && AtRates == default && ReactiveVarh == 0 && !IsPair;
}
