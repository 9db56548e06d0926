using AccountGrid.Domain.Events;

namespace AccountGrid.Domain.Partitions;

public sealed record EventEffect(long Position, int Sequence, int Account, long AtMs, AccountEvent Event);
