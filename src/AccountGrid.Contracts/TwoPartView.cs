namespace AccountGrid.Contracts;

/// <summary>What capacity or demand charge and power factor of a month come from, by its days that are closed. Money in nano.</summary>
/// <param name="ContractedMilli">Contracted capacity, thousandths of <paramref name="Unit"/>, averaged over the days; 0 is none.</param>
/// <param name="MaximumW">Maximum demand; null where it is not charged for, or no interval counts.</param>
/// <param name="FactorHundredths">Power factor; null where there is none.</param>
/// <param name="BasisPoints">Hundredths of a percent that it adds.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.TwoPartView.v1")]
public sealed record TwoPartView(
    [property: Id(0)] int Days,
    [property: Id(1)] long ContractedMilli,
    [property: Id(2)] string Unit,
    [property: Id(3)] long? MaximumW,
    [property: Id(4)] long MaximumAtMs,
    [property: Id(5)] long ActiveWh,
    [property: Id(6)] long ReactiveVarh,
    [property: Id(7)] int PairedDays,
    [property: Id(8)] int? FactorHundredths,
    [property: Id(9)] int BasisPoints,
    [property: Id(10)] Int128 CapacityNano,
    [property: Id(11)] Int128 PowerFactorNano);
