namespace AccountGrid.Domain.Formats;

/// <summary>Which points of a meter are stored with quality, revision and shape, and which with a decision.</summary>
[Flags]
internal enum MeterDetails : ushort
{
    None = 0,
    Tail = 1,
    Last = 2,

    /// <summary>A person decided about the tail; about the last point; about the run at the end of the line. Bits in between are a caller's own.</summary>
    TailDecided = 16,
    LastDecided = 32,
    RunDecided = 64,

    /// <summary>It replaced another meter at its supply point.</summary>
    Replaced = 128,

    /// <summary>Transformers, or facts that changed at instants. A row never has such a meter.</summary>
    Rating = 256,
}
