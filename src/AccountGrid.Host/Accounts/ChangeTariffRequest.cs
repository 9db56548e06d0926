namespace AccountGrid.Host.Accounts;

/// <param name="From">First local day under the version, <c>yyyy-MM-dd</c>.</param>
/// <param name="Tariff">Name of a registered tariff: the account's product.</param>
/// <param name="Version">An agreement on this version, which must be in force on the day; if absent, each version holds from its day on.</param>
public sealed record ChangeTariffRequest(string Tariff, DateOnly From, int? Version = null);
