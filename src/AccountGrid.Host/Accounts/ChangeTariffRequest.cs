namespace AccountGrid.Host.Accounts;

/// <param name="From">First local day under the version, <c>yyyy-MM-dd</c>.</param>
/// <param name="Version">Must be in force on the day; the version in force then if absent.</param>
public sealed record ChangeTariffRequest(string Tariff, DateOnly From, int? Version = null);
