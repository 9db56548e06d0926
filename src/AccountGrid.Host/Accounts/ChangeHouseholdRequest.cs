namespace AccountGrid.Host.Accounts;

/// <param name="HouseholdSize">Persons, 0 to 100; 0 is not known.</param>
/// <param name="Protected">Protected household with free units.</param>
/// <param name="From">Local day, <c>yyyy-MM-dd</c>, not in the future; the change holds from the first day of its tier period.</param>
public sealed record ChangeHouseholdRequest(int HouseholdSize, bool Protected, DateOnly From, string Reason);
