namespace AccountGrid.Host.Http;

/// <summary>Marks a list that is continued by another parameter than <c>cursor</c>.</summary>
internal sealed record ContinuesBy(string Parameter);
