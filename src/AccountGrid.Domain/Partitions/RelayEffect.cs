namespace AccountGrid.Domain.Partitions;

public sealed record RelayEffect(int Account, int Sequence, bool TurnsOn, RelayCommandState State, long Position, long AtMs, long ExpiresMs,
    IReadOnlyList<int> Meters);
