namespace AccountGrid.Contracts;

/// <summary>What a partition knows of days beyond the database.</summary>
/// <param name="Days">Open days, and those closed since the last state flush: they replace what the database holds of the same meter, assignment and
/// day.</param>
/// <param name="StatePosition">The partition's last state flush: the database's rows continue these days only if they are of the same flush.</param>
/// <param name="Elsewhere">Partitions that the meter came from or went to.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.RecentDays")]
public sealed record RecentDays([property: Id(0)] IReadOnlyList<DayView> Days, [property: Id(1)] long StatePosition,
    [property: Id(2)] IReadOnlyList<int> Elsewhere);
