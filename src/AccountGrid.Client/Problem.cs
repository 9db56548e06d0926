namespace AccountGrid.Client;

/// <summary>Problem details as the grid writes them.</summary>
internal sealed record Problem(string? Code, string? Title, string? Detail, string? TraceId);
