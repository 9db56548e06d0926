namespace AccountGrid.Host.Payments;

/// <summary>Moves a held payment to an account.</summary>
/// <param name="Reason">How it is known that the money is for this account.</param>
public sealed record AssignHeldRequest(string Account, string Reason);
