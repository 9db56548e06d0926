namespace AccountGrid.Contracts;

/// <summary>
/// A local day of a meter's register, for one assignment: on the day of a move a meter has two. Energy by rate of the tariff in Wh;
/// <see cref="PricesThrough"/> is the latest publication that its prices come from where the tariff follows a price series, and energy is by interval then;
/// <see cref="EnergyNano"/> is money for energy by rate, without tiers, standing charge and tax.
/// </summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.DayView.v1")]
public sealed record DayView(
    [property: Id(0)] int Day,
    [property: Id(1)] int Account,
    [property: Id(2)] int Tariff,
    [property: Id(3)] bool Closed,
    [property: Id(4)] IReadOnlyList<long> RateWh,
    [property: Id(5)] long EnergyNano,
    [property: Id(6)] long HeldWh,
    [property: Id(7)] IReadOnlyList<PointView> Points,
    [property: Id(8)] long FromPosition,
    [property: Id(9)] long ToPosition,
    [property: Id(10)] int Meter,
    [property: Id(11)] int Assignment,
    [property: Id(12)] int Register,
    [property: Id(13)] int PricesThrough = 0);
