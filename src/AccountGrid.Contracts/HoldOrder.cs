namespace AccountGrid.Contracts;

/// <summary>A hold.</summary>
/// <param name="Kind">As the API names it, such as <c>Dispute</c>; a refusal lists the kinds.</param>
/// <param name="Reason">At most 256 characters.</param>
/// <param name="Until">When it ends by itself; null where it is lifted.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.HoldOrder.v1")]
public sealed record HoldOrder([property: Id(0)] string Kind, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset? Until = null);
