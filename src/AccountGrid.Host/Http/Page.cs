namespace AccountGrid.Host.Http;

/// <summary>A page of a list; <see cref="NextCursor"/> is null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor, bool HasMore) : IPage;
