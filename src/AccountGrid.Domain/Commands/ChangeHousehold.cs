namespace AccountGrid.Domain.Commands;

/// <summary>
/// Another household size or protection, from the tier period (month or year) that a local day lies in: its allowance is one for the whole period.
/// </summary>
/// <param name="HouseholdSize">Persons, 0 to 100; 0 is not known.</param>
/// <param name="FromDay">Local day, as a day number; not in the future.</param>
public sealed record ChangeHousehold(int Account, byte HouseholdSize, bool Protected, int FromDay, string Reason) : AccountCommand(Account);
