namespace AccountGrid.Host.Database;

/// <summary>A tariff or a policy pack that the fold needs cannot be read right now: no fault of the record, which must not be quarantined for it.</summary>
public sealed class CatalogUnavailableException(string what, Exception cause) : Exception($"{what} cannot be read: {cause.Message}", cause);
