namespace AccountGrid.Contracts;

/// <summary>Corrects a balance by a person's decision.</summary>
/// <param name="Amount">A credit if positive, a debit if negative, in the account's currency.</param>
/// <param name="Reason">At most 256 characters.</param>
/// <param name="Corrects">Id of the adjustment that it takes back, whole or in part, as its outcome has it; null is none.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.AdjustmentOrder.v1")]
public sealed record AdjustmentOrder([property: Id(0)] decimal Amount, [property: Id(1)] string Reason, [property: Id(2)] string? Corrects = null);
