namespace AccountGrid.Contracts;

/// <summary>A payment that is on its way.</summary>
/// <param name="Reference">The payment's own id.</param>
/// <param name="Until">Until when it is waited for.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.AnnouncementOrder.v1")]
public sealed record AnnouncementOrder([property: Id(0)] string Reference, [property: Id(1)] DateTimeOffset Until);
