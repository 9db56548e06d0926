namespace AccountGrid.Streams.Postgres;

/// <summary>Bounds of a log. Defaults suit a small server; each has its unit in its name or type.</summary>
public sealed class PostgresLogOptions
{
    /// <summary>Number of partitions, fixed when the log is made. 1 to 4,096.</summary>
    public int Partitions { get; set; } = 256;

    /// <summary>Namespace of the partitions' streams: grains subscribe to it by <c>[ImplicitStreamSubscription]</c>.</summary>
    public string StreamNamespace { get; set; } = LogStreams.DefaultNamespace;

    /// <summary>Largest payload of one append, bytes: one row's packet must stay far below PostgreSQL's 1 GB and the reader's buffers.</summary>
    public int AppendBytesMax { get; set; } = 8 << 20;

    /// <summary>One group commit takes at most so many payload bytes, so that one flush stays a few milliseconds.</summary>
    public int GroupBytesMax { get; set; } = 4 << 20;

    /// <summary>Payload bytes that may wait for a commit. Beyond it appends are refused at once instead of queued.</summary>
    public long QueuedBytesMax { get; set; } = 64 << 20;

    /// <summary>How long a group waits for company before it commits; zero relies on what gathers during the commit before.</summary>
    public TimeSpan GroupDelay { get; set; } = TimeSpan.Zero;

    /// <summary>Group commits under way at once. Two keep the server busy while one waits for its disk.</summary>
    public int Writers { get; set; } = 2;

    /// <summary>Records a partition's readers may lie behind its head before appends to it are refused.</summary>
    public long LagMax { get; set; } = 10_000_000;

    /// <summary>How often heads are looked at for what other processes appended; a local append is seen at once.</summary>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Poll period after a second without anything new.</summary>
    public TimeSpan IdlePollPeriod { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes read ahead for one partition before its reader has taken them.</summary>
    public int ReadAheadBytesMax { get; set; } = 4 << 20;

    /// <summary>A statement that takes longer is given up, its outcome then unknown.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Partitions, 1, nameof(Partitions));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Partitions, 4096, nameof(Partitions));
        ArgumentOutOfRangeException.ThrowIfLessThan(Writers, 1, nameof(Writers));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AppendBytesMax, QueuedBytesMax, nameof(AppendBytesMax));
    }
}
