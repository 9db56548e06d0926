namespace AccountGrid.Domain.Commands;

/// <param name="PaymentPosition">Position of the payment that bounced.</param>
public sealed record ReversePayment(int Account, long PaymentPosition, string? Reason) : AccountCommand(Account);
