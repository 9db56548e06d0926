using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Figures;

/// <summary>A row that is counted: an entry, or else an event.</summary>
/// <param name="Amount">Nano, credit positive; of an entry.</param>
/// <param name="Balance">Nano, after it; of an entry.</param>
/// <param name="Event">Null where it is an entry.</param>
internal readonly record struct FigureSource(
    long Position, int Sequence, int Account, long AtMs, EntryKind Kind, long Amount, long Balance, AccountEvent? Event);
