namespace AccountGrid.Domain.Formats;

/// <summary>Which points of a meter are stored with quality, revision and shape.</summary>
[Flags]
internal enum MeterDetails : byte
{
    None = 0,
    Tail = 1,
    Last = 2,
}
