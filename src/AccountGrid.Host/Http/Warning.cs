namespace AccountGrid.Host.Http;

/// <summary>Something that was done as asked, and that a person should know of.</summary>
/// <param name="Code">Stable.</param>
public sealed record Warning(string Code, string Detail);
