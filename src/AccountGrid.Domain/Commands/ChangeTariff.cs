namespace AccountGrid.Domain.Commands;

/// <param name="FromDay">First local day under the new version, as a day number.</param>
public sealed record ChangeTariff(int Account, int Tariff, int FromDay) : AccountCommand(Account);
