namespace AccountGrid.Domain.State;

/// <summary>The account out of which a transfer came, so that the money can go back there.</summary>
/// <param name="Kind">Float or suspense.</param>
/// <param name="Account">Its number.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Commission">What the agent kept of the amount; it goes back with it.</param>
public sealed record TransferSource(AccountKind Kind, int Account, int Partition, Money Commission);
