using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <param name="AccountId">The account's id, so that the log can be read without the directory.</param>
/// <param name="Tariff">Number of the tariff version.</param>
/// <param name="OpenedDay">First local day of the account, as a day number.</param>
/// <param name="LevelsNano">Low-balance levels by amount; empty is none.</param>
/// <param name="Kind">Whose money it holds.</param>
public sealed record OpenAccount(int Account, string AccountId, int Tariff, PaymentMode Mode, int OpenedDay, byte HouseholdSize, bool Protected,
    IReadOnlyList<long> LevelsNano, AccountKind Kind = AccountKind.Customer)
    : AccountCommand(Account);
