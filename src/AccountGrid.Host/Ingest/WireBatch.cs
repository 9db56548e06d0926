namespace AccountGrid.Host.Ingest;

/// <summary>What a body holds: readings with their line, and lines that were refused.</summary>
public sealed class WireBatch
{
    /// <summary>With room for what a gateway usually sends, some 200 readings.</summary>
    public List<(int Line, WireReading Reading)> Readings { get; } = new(256);

    public List<LineRefusal> Errors { get; } = [];

    public int Lines { get; set; }
}
