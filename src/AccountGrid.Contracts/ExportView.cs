namespace AccountGrid.Contracts;

/// <summary>What an account exported in a period, and what became of it. Energy in Wh, by rate of the tariff where there are several numbers.</summary>
/// <param name="NettedWh">Imported energy that export was taken off; empty where worth is netted, and under other tariffs.</param>
/// <param name="CarriedWh">Energy that earlier periods left.</param>
/// <param name="LeftWh">Energy that is carried on.</param>
/// <param name="RestWh">Energy that was settled.</param>
/// <param name="CarriedNano">Money that earlier periods left, where worth is netted.</param>
/// <param name="LeftNano">Money that is carried on, where worth is netted.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.ExportView.v1")]
public sealed record ExportView(
    [property: Id(0)] long[] ExportedWh,
    [property: Id(1)] long[] NettedWh,
    [property: Id(2)] long CarriedWh,
    [property: Id(3)] long LeftWh,
    [property: Id(4)] long RestWh,
    [property: Id(5)] long CarriedNano,
    [property: Id(6)] long LeftNano);
