namespace AccountGrid.Host.Security;

/// <param name="Key">Shown once; only its hash is kept.</param>
public sealed record KeyAnswer(string Key, string Role, string? Gateway);
