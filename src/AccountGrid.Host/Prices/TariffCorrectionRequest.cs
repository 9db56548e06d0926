namespace AccountGrid.Host.Prices;

/// <param name="Tariff">Name of a product.</param>
/// <param name="From">First local day under it, <c>yyyy-MM-dd</c>, not later than today.</param>
/// <param name="Reason">Why the tariff was wrong.</param>
/// <param name="Version">An agreement on this version; if absent, each version holds from its day on.</param>
/// <param name="DryRun">Only says what it would come to.</param>
public sealed record TariffCorrectionRequest(string Tariff, DateOnly From, string Reason, int? Version = null, bool DryRun = false);
