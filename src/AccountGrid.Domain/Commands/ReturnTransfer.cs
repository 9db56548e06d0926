namespace AccountGrid.Domain.Commands;

/// <summary>Money that comes back to the float or suspense account from which it went: it was refused where it went, or its payment was reversed.</summary>
/// <param name="Amount">What had gone, more than zero.</param>
/// <param name="Commission">What the agent had kept of it and gives back.</param>
/// <param name="Reference">The channel's own id of the payment.</param>
/// <param name="Reason">Why it comes back.</param>
/// <param name="IsRefused">It was refused where it went; else the payment that it became was reversed.</param>
public sealed record ReturnTransfer(int Account, Money Amount, Money Commission, string? Reference, string? Reason, bool IsRefused)
    : AccountCommand(Account);
