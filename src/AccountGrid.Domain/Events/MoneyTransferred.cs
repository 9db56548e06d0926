using AccountGrid.Domain.Commands;

namespace AccountGrid.Domain.Events;

/// <summary>Money went to another account.</summary>
/// <param name="Transfer">What was asked for.</param>
public sealed record MoneyTransferred(TransferMoney Transfer) : AccountEvent;
