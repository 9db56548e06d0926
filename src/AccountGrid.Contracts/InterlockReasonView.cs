namespace AccountGrid.Contracts;

[GenerateSerializer, Immutable]
[Alias("AccountGrid.InterlockReasonView.v1")]
public sealed record InterlockReasonView([property: Id(0)] string Code, [property: Id(1)] string Detail);
