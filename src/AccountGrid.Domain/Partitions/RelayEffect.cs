namespace AccountGrid.Domain.Partitions;

/// <param name="State"><c>planned</c>, <c>released</c>, <c>withdrawn</c>, <c>confirmed</c>.</param>
public sealed record RelayEffect(int Account, int Sequence, bool TurnsOn, string State, long Position, long AtMs, long ExpiresMs, IReadOnlyList<int> Meters);
