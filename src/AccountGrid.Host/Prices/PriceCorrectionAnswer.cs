namespace AccountGrid.Host.Prices;

/// <summary>A correction of prices of intervals that have begun. It waits for a second person.</summary>
/// <param name="Body">The request as it was asked for.</param>
/// <param name="Hash">SHA-256 of series, body and who asked, hex: who agrees says with it what they have seen.</param>
/// <param name="AgreedBy">Null while it waits.</param>
/// <param name="Publication">Null while it waits, and where all of it was known when it was agreed to.</param>
public sealed record PriceCorrectionAnswer(
    Guid Id, string Series, PublishPricesRequest Body, string AskedBy, DateTimeOffset AskedAt, string Hash, string? AgreedBy, int? Publication);
