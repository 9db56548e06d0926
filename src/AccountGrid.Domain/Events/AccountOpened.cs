using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

public sealed record AccountOpened(string AccountId, int Tariff, PaymentMode Mode, int OpenedDay, byte HouseholdSize, bool Protected,
    IReadOnlyList<Money> Levels, AccountKind Kind = AccountKind.Customer, bool Follows = false, long? ContractedMilli = null,
    string? ContractedUnit = null) : AccountEvent;
