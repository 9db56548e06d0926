namespace AccountGrid.Domain.Events;

/// <param name="FromDay">First day of the tier period from which it holds.</param>
public sealed record HouseholdChanged(byte HouseholdSize, bool Protected, int FromDay, string Reason) : AccountEvent;
