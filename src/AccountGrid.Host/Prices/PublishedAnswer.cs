namespace AccountGrid.Host.Prices;

/// <param name="Publication">Number of the publication; null where all of it was known already.</param>
/// <param name="Added">Intervals that had no price.</param>
/// <param name="Corrected">Intervals that had another one.</param>
/// <param name="Unchanged">Intervals that had the same one.</param>
public sealed record PublishedAnswer(string Series, int? Publication, int Added, int Corrected, int Unchanged);
