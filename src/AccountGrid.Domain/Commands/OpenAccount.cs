using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <param name="AccountId">The account's id, so that the log can be read without the directory.</param>
/// <param name="Tariff">Number of the tariff version; where <paramref name="Follows"/> is set, of the product's that is in force on the first day.</param>
/// <param name="OpenedDay">First local day of the account, as a day number.</param>
/// <param name="Levels">Low-balance levels by amount; empty is none.</param>
/// <param name="Kind">Whose money it holds.</param>
/// <param name="Follows">Later versions of the product take effect on their day; else the version is agreed on until a change.</param>
/// <param name="ContractedMilli">Contracted capacity from the first day on, thousandths of a kVA or kW; null is none.</param>
/// <param name="ContractedUnit"><c>kVA</c> or <c>kW</c>; null is what the tariff charges for.</param>
public sealed record OpenAccount(int Account, string AccountId, int Tariff, PaymentMode Mode, int OpenedDay, byte HouseholdSize, bool Protected,
    IReadOnlyList<Money> Levels, AccountKind Kind = AccountKind.Customer, bool Follows = false, long? ContractedMilli = null,
    string? ContractedUnit = null)
    : AccountCommand(Account);
