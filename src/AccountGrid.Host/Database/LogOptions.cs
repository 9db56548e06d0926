using System.ComponentModel.DataAnnotations;

namespace AccountGrid.Host.Database;

/// <summary>Settings of the log; section <c>Log</c> of the configuration.</summary>
public sealed class LogOptions
{
    /// <summary>Connection strings of further PostgreSQL servers that share the log, <c>Log__Servers__0</c> and on; fixed when the grid is made.</summary>
    public IReadOnlyList<string> Servers { get; set; } = [];

    /// <summary>Records that a partition's readers may lie behind its end before appends to it are refused with 429.</summary>
    [Range(1, 1_000_000_000)]
    public long LagMax { get; set; } = 10_000_000;

    /// <summary>Payload bytes that may wait for a commit; beyond it, appends are refused with 429.</summary>
    [Range(8 << 20, 1 << 30)]
    public long QueuedBytesMax { get; set; } = 64 << 20;

    /// <summary>Longest time of a statement on the log, seconds; then its outcome is unknown and the caller asks again.</summary>
    [Range(1, 600)]
    public int CommandTimeoutSeconds { get; set; } = 15;
}
