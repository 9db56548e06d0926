namespace AccountGrid.Contracts;

/// <summary>A low-balance level of an account: below its amount the customer is told.</summary>
/// <param name="Kind"><c>amount</c>, <c>days</c>, <c>exhausted</c> or <c>creditUsed</c>.</param>
/// <param name="Days">Days of supply, of a level by days; else 0.</param>
/// <param name="FireNano">The balance below which it fires, nano.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.LevelView.v1")]
public readonly record struct LevelView([property: Id(0)] string Kind, [property: Id(1)] int Days, [property: Id(2)] long FireNano);
