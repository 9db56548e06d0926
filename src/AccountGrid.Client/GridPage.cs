namespace AccountGrid.Client;

internal sealed record GridPage<T>(IReadOnlyList<T> Data, string? NextCursor, bool HasMore);
