using AccountGrid.Domain.Policies;

namespace AccountGrid.Host.Policies;

/// <param name="Hash">SHA-256 of the content; decisions are stored with its beginning.</param>
public sealed record PolicyAnswer(string Id, int Version, string EffectiveFrom, string Currency, string Hash, PolicyDefinition Definition);
