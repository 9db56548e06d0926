namespace AccountGrid.Host.Prices;

/// <summary>A list of corrections and how far it is.</summary>
/// <param name="State"><c>trying</c>: the dry run is under way; <c>tried</c>: it waits for a second person; <c>agreed</c>: it is being carried out;
/// <c>done</c>.</param>
/// <param name="Wrong">Rows that the dry run refused; they are left out.</param>
/// <param name="Refused">Rows that were refused when they were carried out.</param>
/// <param name="Hash">What a second person agrees to; null until the dry run is over.</param>
public sealed record TariffListAnswer(
    Guid Id, string State, int Rows, int Waiting, int Tried, int Wrong, int Done, int Refused, IReadOnlyList<TariffListSum> Sums, string AskedBy,
    DateTimeOffset AskedAt, string? AgreedBy, string? Hash);
