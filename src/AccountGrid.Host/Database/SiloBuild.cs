namespace AccountGrid.Host.Database;

/// <summary>A silo that is a member of the cluster, and the build that it said it is of.</summary>
/// <param name="Silo">Address, port and generation, as <c>10.0.0.1:11111@1</c>.</param>
/// <param name="Version">Null where it has not said it.</param>
/// <param name="Reads">The newest format version that it reads; null where it has not said it.</param>
/// <param name="AliveAt">When it last said that it lives, by its own clock.</param>
internal sealed record SiloBuild(string Silo, string? Version, int? Reads, DateTimeOffset AliveAt);
