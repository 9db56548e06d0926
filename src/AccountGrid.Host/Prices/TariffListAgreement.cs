namespace AccountGrid.Host.Prices;

/// <param name="Hash">Of the list with its amounts, as the second person saw it.</param>
public sealed record TariffListAgreement(string Hash);
