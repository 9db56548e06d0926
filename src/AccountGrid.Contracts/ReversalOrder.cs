namespace AccountGrid.Contracts;

/// <summary>Takes back a payment that bounced.</summary>
/// <param name="Payment">Id of the payment, as its outcome has it.</param>
/// <param name="Reason">Null is none.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.ReversalOrder.v1")]
public sealed record ReversalOrder([property: Id(0)] string Payment, [property: Id(1)] string? Reason = null);
