namespace AccountGrid.Host.Rating;

/// <param name="Id">The product's name.</param>
/// <param name="Versions">The one that begins last first.</param>
public sealed record ProductAnswer(string Id, IReadOnlyList<ProductVersionAnswer> Versions);
