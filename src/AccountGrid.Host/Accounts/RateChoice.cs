namespace AccountGrid.Host.Accounts;

/// <param name="Tariff">Name of a product.</param>
/// <param name="Version">One of its versions, which may be announced only; the one in force today if absent.</param>
public sealed record RateChoice(string Tariff, int? Version = null);
