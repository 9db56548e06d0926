namespace AccountGrid.Client.Buffering;

/// <summary>A place in a log of segments: before the byte at an offset of a segment.</summary>
internal readonly record struct LogPosition(long Segment, long Offset) : IComparable<LogPosition>
{
    public int CompareTo(LogPosition other) => Segment == other.Segment ? Offset.CompareTo(other.Offset) : Segment.CompareTo(other.Segment);
}
