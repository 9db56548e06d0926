namespace AccountGrid.Domain.Readings;

/// <summary>
/// Points of a register in rising time, packed as differences: a regular interval with a small difference is one or two bytes.
/// Appending is the fast way; anything else unpacks, edits and packs again. The point before the first is the owner's.
/// </summary>
public struct PackedPoints
{
    private const int MaxPointBytes = (VarInt.MaxBytes * 2) + 8 + LoadShape.Length;
    private const int MaxDecisionBytes = (VarInt.MaxBytes * 3) + 1;

    /// <summary>Flags in the byte after a point's revision: what follows it.</summary>
    private const byte HasShape = 1;
    private const byte HasDecision = 2;

    private byte[]? _bytes;
    private int _length;
    private long _lastStepMs;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public readonly int Capacity => _bytes?.Length ?? 0;

    public void Append(in Point previous, in Point point)
    {
        var needed = _length + MaxPointBytes + (point.Decision is null ? 0 : MaxDecisionBytes);
        if (needed > Capacity)
        {
            Array.Resize(ref _bytes, Math.Max(MaxPointBytes * 2, needed + (_length / 2)));
        }

        var to = _bytes.AsSpan(_length);
        var step = point.TimeMs - previous.TimeMs;
        var same = step == _lastStepMs && Count > 0;
        var extra = point.Quality != 0 || point.Revision != 0 || point.Shape is not null || point.Decision is not null;
        var head = (VarInt.ZigZag(point.ValueWh - previous.ValueWh) << 2) | (same ? 2u : 0u) | (extra ? 1u : 0u);
        var n = VarInt.Write(to, head);
        if (!same)
        {
            n += VarInt.Write(to[n..], (ulong)step);
        }

        if (extra)
        {
            n += VarInt.Write(to[n..], (ulong)point.Quality);
            to[n++] = point.Revision;
            to[n++] = (byte)((point.Shape is null ? 0 : HasShape) | (point.Decision is null ? 0 : HasDecision));
            if (point.Shape is not null)
            {
                point.Shape.CopyTo(to[n..]);
                n += LoadShape.Length;
            }

            n += Write(to[n..], point);
        }

        _length += n;
        _lastStepMs = step;
        Count++;
    }

    private static int Write(Span<byte> to, in Point point)
    {
        if (point.Decision is not { } decision)
        {
            return 0;
        }

        to[0] = (byte)decision.Kind;
        var n = 1;
        n += VarInt.Write(to[n..], VarInt.ZigZag(decision.KnownWh - point.ValueWh));
        n += VarInt.Write(to[n..], (ulong)decision.KnownQuality);
        return n + VarInt.Write(to[n..], VarInt.ZigZag(decision.Wh));
    }

    public readonly List<Point> Unpack(Point before)
    {
        var points = new List<Point>(Count);
        var reader = new Reader(Bytes, Count, before);
        while (reader.Next())
        {
            points.Add(reader.Current);
        }

        return points;
    }

    public static PackedPoints Pack(Point before, IReadOnlyList<Point> points, int from = 0)
    {
        var packed = default(PackedPoints);
        for (var i = from; i < points.Count; i++)
        {
            packed.Append(before, points[i]);
            before = points[i];
        }

        return packed;
    }

    public static PackedPoints FromBytes(ReadOnlySpan<byte> bytes, int count, Point before)
    {
        var packed = new PackedPoints { _bytes = bytes.ToArray(), _length = bytes.Length, Count = count };
        var reader = new Reader(bytes, count, before);
        while (reader.Next())
        {
            packed._lastStepMs = reader.StepMs;
        }

        return packed;
    }

    /// <summary>Drops what over-allocation is left, for states that are kept.</summary>
    public void Trim()
    {
        if (_length == 0)
        {
            _bytes = null;
        }
    }

    public ref struct Reader(ReadOnlySpan<byte> bytes, int count, Point before)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;
        private int _left = count;

        public Point Current { get; private set; } = before;

        public long StepMs { get; private set; }

        public bool Next()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            var head = VarInt.Read(_bytes, ref _at);
            var value = Current.ValueWh + VarInt.UnZigZag(head >> 2);
            if ((head & 2) == 0)
            {
                StepMs = (long)VarInt.Read(_bytes, ref _at);
            }

            var quality = ReadingQuality.None;
            byte revision = 0;
            byte[]? shape = null;
            PointDecision? decision = null;
            if ((head & 1) != 0)
            {
                quality = (ReadingQuality)VarInt.Read(_bytes, ref _at);
                revision = _bytes[_at++];
                var behind = _bytes[_at++];
                if ((behind & HasShape) != 0)
                {
                    shape = _bytes.Slice(_at, LoadShape.Length).ToArray();
                    _at += LoadShape.Length;
                }

                decision = (behind & HasDecision) == 0 ? null : ReadDecision(value);
            }

            Current = new Point(Current.TimeMs + StepMs, value, quality, revision, shape, decision);
            return true;
        }

        private PointDecision ReadDecision(long valueWh)
        {
            var kind = (ReadingDecision)_bytes[_at++];
            var known = valueWh + VarInt.UnZigZag(VarInt.Read(_bytes, ref _at));
            var quality = (ReadingQuality)VarInt.Read(_bytes, ref _at);
            return new PointDecision(kind, known, quality, VarInt.UnZigZag(VarInt.Read(_bytes, ref _at)));
        }
    }
}
