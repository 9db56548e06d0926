namespace AccountGrid.Host.Prices;

/// <summary>A publication of prices: what a correction of a day names as its cause.</summary>
/// <param name="Prices">Intervals that it has.</param>
/// <param name="Corrected">Those of them that had another price.</param>
/// <param name="AgreedBy">The second person of a correction of intervals that had begun.</param>
public sealed record PricePublicationAnswer(
    int Number, string Series, DateTimeOffset PublishedAt, int Prices, int Corrected, string? Reason, string PublishedBy, string? AgreedBy);
