namespace AccountGrid.Host.Accounts;

/// <summary>A levy or tax by the name that the tariff gives it; money as a decimal string.</summary>
/// <param name="Kind"><c>levy</c>, <c>tax</c>, or <c>includedTax</c>, which is in the prices and no part of the sum.</param>
public sealed record NamedAnswer(string Kind, string Name, string Amount);
