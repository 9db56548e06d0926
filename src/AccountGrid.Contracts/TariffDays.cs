namespace AccountGrid.Contracts;

/// <summary>From a local day on, an account is charged by a tariff version.</summary>
/// <param name="FromDay">As a day number.</param>
/// <param name="Tariff">The grid's number of the version.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.TariffDays")]
public readonly record struct TariffDays([property: Id(0)] int FromDay, [property: Id(1)] int Tariff);
