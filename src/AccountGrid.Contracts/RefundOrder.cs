namespace AccountGrid.Contracts;

/// <summary>Pays credit out.</summary>
/// <param name="Amount">More than zero, in the account's currency.</param>
/// <param name="Reason">Null is none.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.RefundOrder.v1")]
public sealed record RefundOrder([property: Id(0)] decimal Amount, [property: Id(1)] string? Reason = null);
