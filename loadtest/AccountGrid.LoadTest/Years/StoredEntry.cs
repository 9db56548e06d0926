namespace AccountGrid.LoadTest.Years;

/// <summary>A ledger line as the database holds it.</summary>
/// <param name="HasDay">It is of a certain local day.</param>
internal sealed record StoredEntry(long Position, string Kind, long Nano, long AtMs, bool HasDay);
