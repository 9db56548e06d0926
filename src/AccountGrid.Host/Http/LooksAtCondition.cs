namespace AccountGrid.Host.Http;

/// <summary>Marks an endpoint that looks at <see cref="EditCondition"/>; sent to another that changes something, a condition is refused.</summary>
internal sealed class LooksAtCondition;
