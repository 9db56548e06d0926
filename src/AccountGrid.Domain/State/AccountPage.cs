using System.Runtime.CompilerServices;

namespace AccountGrid.Domain.State;

/// <summary>
/// Neighbouring accounts of a partition, in the order in which they were opened: the unit in which states are kept and written. An account keeps
/// its place for life. Rows hold no references, and the stored forms behind them share one array: a million accounts are some thirty thousand objects
/// to the collector, and a reading writes no reference that it would have to follow.
/// </summary>
internal sealed class AccountPage(int number)
{
    /// <summary>Accounts of a page: a page of plain accounts is about ten kilobytes, which the database writes for the price of three rows.</summary>
    public const int Size = 64;

    /// <summary>
    /// Room that a row is given to grow by, bytes: eight regular readings. Rows of a page fill at about the same pace, and are given room together.
    /// </summary>
    private const int RoomMin = 16;

    /// <summary>In the place of a growing row's index: rows as they are stored, and rows with room but no growing one.</summary>
    private const int Adopting = -1;
    private const int Trimming = -2;

    /// <summary>One part in so many of a page is free for rows that outgrow their room.</summary>
    private const int SpareShare = 16;

    private byte[] _bytes = [];

    /// <summary>Where slots end: what is behind it is free.</summary>
    private int _end;

    public int Number { get; } = number;

    public PackedAccount[] Rows { get; } = new PackedAccount[Size];

    public int Count { get; set; }

    /// <summary>Something on it changed since the last state flush.</summary>
    public bool Dirty { get; set; }

    /// <summary>What stands behind a packed row: its stored form, then the points that came since.</summary>
    public ReadOnlySpan<byte> BytesOf(in PackedAccount row) => _bytes.AsSpan(row.At, row.Length);

    /// <summary>All that a row may write to, of at least so many bytes; what it holds is kept, where it stands may change.</summary>
    /// <param name="row">One of <see cref="Rows"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> SlotOf(ref PackedAccount row, int length)
    {
        if (length > row.Capacity)
        {
            Grow(ref row, length);
        }

        return _bytes.AsSpan(row.At, row.Capacity);
    }

    /// <summary>Packs a row onto its place: its numbers, and its stored form behind it.</summary>
    public void Put(int index, in PackedAccount packed, ReadOnlySpan<byte> cold)
    {
        ref var row = ref Rows[index];
        var before = row;
        row = packed;
        row.IsWatched = before.IsWatched;
        (row.At, row.Capacity, row.Length) = (before.At, before.Capacity, 0);
        cold.CopyTo(SlotOf(ref row, cold.Length));
        row.ColdLength = row.Length = (ushort)cold.Length;
        row.IsPacked = true;
    }

    /// <summary>Takes over rows whose bytes stand in a stored page, without room to grow: most are read long before they change.</summary>
    public void Adopt(ReadOnlySpan<byte> stored) => LayOut(stored, Adopting, 0);

    /// <summary>
    /// Gives back what rows do not need any more, if that is a good part of the page: their forms are longest before the first reading. Asked when the page
    /// is stored and all of it is read anyway.
    /// </summary>
    public void Trim()
    {
        var needed = 0;
        for (var i = 0; i < Count; i++)
        {
            needed += CapacityOf(i, Trimming, 0);
        }

        if (_bytes.Length > (needed + (needed / SpareShare)) * 5L / 4)
        {
            LayOut(_bytes, Trimming, 0);
        }
    }

    private static int WithRoom(int length) => Math.Min(length + Math.Max(RoomMin, length / 16), ushort.MaxValue);

    private void Grow(ref PackedAccount row, int length)
    {
        var wanted = WithRoom(length);
        if (_bytes.Length - _end < wanted)
        {
            var index = (int)(Unsafe.ByteOffset(ref Rows[0], ref row) / Unsafe.SizeOf<PackedAccount>());
            LayOut(_bytes, index, wanted);
            return;
        }

        _bytes.AsSpan(row.At, row.Length).CopyTo(_bytes.AsSpan(_end));
        (row.At, row.Capacity) = (_end, (ushort)wanted);
        _end += wanted;
    }

    /// <summary>Moves all rows into a new array, each with room, the growing one with what it wants, and some to spare for the next.</summary>
    private void LayOut(ReadOnlySpan<byte> from, int growing, int wanted)
    {
        var total = 0;
        for (var i = 0; i < Count; i++)
        {
            total += CapacityOf(i, growing, wanted);
        }

        var bytes = GC.AllocateUninitializedArray<byte>(total + (growing == Adopting ? 0 : total / SpareShare));
        _end = 0;
        for (var i = 0; i < Count; i++)
        {
            ref var row = ref Rows[i];
            var capacity = CapacityOf(i, growing, wanted);
            if (capacity > 0)
            {
                from.Slice(row.At, row.Length).CopyTo(bytes.AsSpan(_end));
            }

            (row.At, row.Capacity) = (_end, (ushort)capacity);
            _end += capacity;
        }

        _bytes = bytes;
    }

    private int CapacityOf(int index, int growing, int wanted)
    {
        ref var row = ref Rows[index];
        return index == growing ? wanted : !row.IsPacked ? 0 : growing == Adopting ? row.Length : WithRoom(row.Length);
    }
}
