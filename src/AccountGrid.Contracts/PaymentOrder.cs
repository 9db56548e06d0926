namespace AccountGrid.Contracts;

/// <summary>A payment.</summary>
/// <param name="Amount">More than zero, at most nine decimals, in the account's currency.</param>
/// <param name="Channel">Where it was paid: bank, wallet, counter and so on.</param>
/// <param name="Reference">The channel's own id; null is none.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.PaymentOrder.v1")]
public sealed record PaymentOrder([property: Id(0)] decimal Amount, [property: Id(1)] string Channel, [property: Id(2)] string? Reference = null);
