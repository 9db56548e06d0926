namespace AccountGrid.Host.Prices;

/// <param name="Account">Id of the account.</param>
/// <param name="Tariff">Name of a product.</param>
/// <param name="From">First local day under it, <c>yyyy-MM-dd</c>, not later than today.</param>
/// <param name="Reason">Why the tariff was wrong.</param>
/// <param name="Version">An agreement on this version; if absent, each version holds from its day on.</param>
public sealed record TariffListItem(string Account, string Tariff, DateOnly From, string Reason, int? Version = null);
