using AccountGrid.Host.Http;

namespace AccountGrid.Host.Prices;

/// <summary>A version that is published, or what publishing it would be.</summary>
/// <param name="FirstDay">From which day on it holds; null is from the beginning.</param>
/// <param name="Follows">The version that it is compared with, the last before it; null where it is the first.</param>
/// <param name="Changes">What differs from that.</param>
/// <param name="Warnings">What a person should know of it.</param>
public sealed record PublicationAnswer(
    string Kind, string Id, int Version, string? FirstDay, int? Follows, IReadOnlyList<DefinitionRow> Changes, IReadOnlyList<Warning> Warnings, bool IsDryRun);
