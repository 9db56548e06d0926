namespace AccountGrid.Domain.Readings;

/// <summary>
/// The open points of a meter in rising time, packed in chunks so that a late one unpacks only its neighbourhood. The point before the first is
/// the meter's tail. A meter with a day or two of readings has one chunk.
/// </summary>
public struct OpenPoints
{
    /// <summary>Points in a chunk: a day of quarter hours fits, and unpacking one takes about a microsecond.</summary>
    public const int ChunkPointsMax = 128;

    private Chunk[]? _chunks;
    private int _chunkCount;

    public int Count { get; private set; }

    public readonly IReadOnlyList<Chunk> Chunks => new ArraySegment<Chunk>(_chunks ?? [], 0, _chunkCount);

    /// <summary>Appends behind the last point, which is <paramref name="previous"/>.</summary>
    public void Append(in Point previous, in Point point)
    {
        if (_chunkCount == 0 || _chunks![_chunkCount - 1].Points.Count >= ChunkPointsMax)
        {
            Add(new Chunk { Before = previous });
        }

        _chunks![_chunkCount - 1].Points.Append(previous, point);
        Count++;
    }

    public static OpenPoints From(Point before, IReadOnlyList<Point> points, int from = 0)
    {
        var open = default(OpenPoints);
        for (var i = from; i < points.Count; i++)
        {
            open.Append(before, points[i]);
            before = points[i];
        }

        return open;
    }

    /// <summary>Puts a stored chunk behind the others.</summary>
    public void AddStored(Point before, ReadOnlySpan<byte> bytes, int count)
    {
        Add(new Chunk { Before = before, Points = PackedPoints.FromBytes(bytes, count, before) });
        Count += count;
    }

    public readonly List<Point> ToList()
    {
        var points = new List<Point>(Count);
        for (var i = 0; i < _chunkCount; i++)
        {
            points.AddRange(_chunks![i].Points.Unpack(_chunks[i].Before));
        }

        return points;
    }

    /// <summary>Last point, where there is one.</summary>
    public readonly Point LastOr(Point tail) => _chunkCount == 0 ? tail : _chunks![_chunkCount - 1].Points.Unpack(_chunks[_chunkCount - 1].Before)[^1];

    /// <summary>The neighbourhood of a time that lies behind the tail and not behind the last point.</summary>
    public readonly Slot Seek(long ms)
    {
        var at = _chunkCount - 1;
        while (at > 0 && _chunks![at].Before.TimeMs >= ms)
        {
            at--;
        }

        var points = _chunks![at].Points.Unpack(_chunks[at].Before);
        var index = points.FindIndex(p => p.TimeMs >= ms);
        Point? next = at + 1 < _chunkCount ? _chunks[at + 1].Points.Unpack(_chunks[at + 1].Before)[0] : null;
        return new Slot(at, _chunks[at].Before, points, index < 0 ? points.Count : index, next);
    }

    /// <summary>Puts an edited neighbourhood back.</summary>
    public void Replace(Slot slot)
    {
        Count += slot.Points.Count - _chunks![slot.Chunk].Points.Count;
        if (slot.Next is { } next)
        {
            var following = _chunks[slot.Chunk + 1].Points.Unpack(_chunks[slot.Chunk + 1].Before);
            following[0] = next;
            Set(slot.Chunk + 1, slot.Points[^1], following);
        }

        if (slot.Points.Count <= 2 * ChunkPointsMax)
        {
            Set(slot.Chunk, slot.Before, slot.Points);
            return;
        }

        var half = slot.Points.Count / 2;
        Add(default);
        Array.Copy(_chunks, slot.Chunk + 1, _chunks, slot.Chunk + 2, _chunkCount - slot.Chunk - 2);
        Set(slot.Chunk + 1, slot.Points[half - 1], slot.Points[half..]);
        Set(slot.Chunk, slot.Before, slot.Points[..half]);
    }

    private readonly void Set(int index, Point before, List<Point> points) =>
        _chunks![index] = new Chunk { Before = before, Points = PackedPoints.Pack(before, points) };

    private void Add(Chunk chunk)
    {
        if (_chunkCount == (_chunks?.Length ?? 0))
        {
            Array.Resize(ref _chunks, Math.Max(1, _chunkCount * 2));
        }

        _chunks![_chunkCount++] = chunk;
    }

    /// <summary>Consecutive points behind a known one.</summary>
    public struct Chunk
    {
        public Point Before;
        public PackedPoints Points;
    }

    /// <summary>One chunk unpacked around a time. Edit <see cref="Points"/> and <see cref="Next"/>, then put it back.</summary>
    /// <param name="Index">First point at or after the time; may be just past the chunk's end.</param>
    /// <param name="Next">First point of the chunk after this one, if there is one.</param>
    public record struct Slot(int Chunk, Point Before, List<Point> Points, int Index, Point? Next)
    {
        /// <summary>Point before the time.</summary>
        public readonly Point Left => Index == 0 ? Before : Points[Index - 1];

        /// <summary>Point number <paramref name="offset"/> at or after the time; null where the points end.</summary>
        public readonly Point? Right(int offset) => Index + offset < Points.Count ? Points[Index + offset] : Index + offset == Points.Count ? Next : null;

        public void SetRight(int offset, Point point)
        {
            if (Index + offset < Points.Count)
            {
                Points[Index + offset] = point;
            }
            else
            {
                Next = point;
            }
        }
    }
}
