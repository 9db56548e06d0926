namespace AccountGrid.Host.Prices;

/// <summary>Amounts of a list in one currency: what accounts are charged less, or where negative more. Decimal strings.</summary>
/// <param name="Tried">By the dry run.</param>
/// <param name="Done">Of the rows that were carried out.</param>
public sealed record TariffListSum(string Currency, string Tried, string Done);
