namespace AccountGrid.Contracts;

/// <summary>What an account is on, from a day on.</summary>
/// <param name="Tariff">Name of a registered tariff: the account's product.</param>
/// <param name="From">First local day.</param>
/// <param name="Version">An agreement on this version, which must be in force on the day; null: each version holds from its day on.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.TariffOrder.v1")]
public sealed record TariffOrder([property: Id(0)] string Tariff, [property: Id(1)] DateOnly From, [property: Id(2)] int? Version = null);
