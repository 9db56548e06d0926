namespace AccountGrid.Domain.Commands;

/// <param name="Tariff">Number of a tariff version; where <paramref name="Follows"/> is set, of the product's that is in force on the day.</param>
/// <param name="FromDay">First local day under it, as a day number.</param>
/// <param name="Follows">Later versions of the product take effect on their day; else the version is agreed on until another change.</param>
public sealed record ChangeTariff(int Account, int Tariff, int FromDay, bool Follows = false) : AccountCommand(Account);
