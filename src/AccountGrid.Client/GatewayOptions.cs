namespace AccountGrid.Client;

/// <summary>How a gateway keeps and sends readings.</summary>
public sealed class GatewayOptions
{
    /// <summary>Most readings that an answer of the grid can name as rejected.</summary>
    internal const int BatchReadingsLimit = 1_000;

    /// <summary>Address of the grid, such as <c>https://grid.example</c>.</summary>
    public Uri? Url { get; set; }

    /// <summary>The gateway's API key.</summary>
    public string Key { get; set; } = "";

    /// <summary>Folder of the buffer. One process at a time uses it.</summary>
    public string Folder { get; set; } = "";

    /// <summary>
    /// Is given each reading that the grid does not take, before it is forgotten. What it throws is logged, and the reading is given to it again later: it may
    /// see a reading twice.
    /// </summary>
    public Func<RejectedReading, CancellationToken, Task>? OnRejected { get; set; }

    /// <summary>
    /// Bytes of readings that may wait for the grid, 64 KiB or more. On disk there can be a sixteenth more. 256 MiB is about two million readings.
    /// </summary>
    public long BufferBytesMax { get; set; } = 256L << 20;

    /// <summary>What adding does while the buffer is full.</summary>
    public WhenFull WhenFull { get; set; }

    /// <summary>
    /// Whether what is added waits until the storage has it, so that it survives a loss of power. Without it, it survives the end of the process, kill -9
    /// included.
    /// </summary>
    public bool FlushToDisk { get; set; } = true;

    /// <summary>Readings in a batch, 1 to 1,000.</summary>
    public int BatchReadings { get; set; } = BatchReadingsLimit;

    /// <summary>How long a batch that is not full waits for more readings.</summary>
    public TimeSpan SendWithin { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a request may take.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>The wait after a first failure; it doubles at each in a row.</summary>
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait after failures. What the grid's Retry-After asks for is kept to all the same.</summary>
    public TimeSpan RetryMost { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often readings are sent again that the grid says to send later: a meter that is not registered yet, a time in the future.</summary>
    public TimeSpan ResendLaterAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Bytes of such readings that are kept; what comes beyond is given to <see cref="OnRejected"/>.</summary>
    public long LaterBytesMax { get; set; } = 32L << 20;

    /// <summary>A clock that differs more than this from the grid's is logged as a warning.</summary>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Id of the gateway; needed for relay commands only.</summary>
    public string? Gateway { get; set; }

    /// <summary>
    /// Carries out a relay command and returns the state that the meter confirms; null where it confirms none, and the grid gives the command again some
    /// seconds later. It may see a command twice, and is called for several meters at once, for one meter never. It must end when it is cancelled: its meter
    /// gets no other command, a restore neither, until it has. Null: relay commands are not asked for.
    /// </summary>
    public Func<RelayOrder, CancellationToken, Task<RelayState?>>? OnRelay { get; set; }

    /// <summary>How long <see cref="OnRelay"/> may take for a command; then it is cancelled.</summary>
    public TimeSpan RelayTimeout { get; set; } = TimeSpan.FromSeconds(60);

    internal void Check()
    {
        Require(Folder.Length > 0, nameof(Folder), Folder, "a path");
        Require(OnRejected is not null, nameof(OnRejected), "null", "a function that is told of each reading that the grid does not take");
        Require(BufferBytesMax >= 64 << 10, nameof(BufferBytesMax), BufferBytesMax, "65,536 bytes or more");
        Require(LaterBytesMax >= 0, nameof(LaterBytesMax), LaterBytesMax, "0 or more");
        Require(BatchReadings is >= 1 and <= BatchReadingsLimit, nameof(BatchReadings), BatchReadings, "1 to 1,000");
        Require(RetryFirst > TimeSpan.Zero && RetryMost >= RetryFirst, nameof(RetryFirst), RetryFirst, "more than zero and at most RetryMost");
        Require(ResendLaterAfter > TimeSpan.Zero, nameof(ResendLaterAfter), ResendLaterAfter, "more than zero");
        Require(SendWithin >= TimeSpan.Zero, nameof(SendWithin), SendWithin, "zero or more");
        Require(RequestTimeout > TimeSpan.Zero, nameof(RequestTimeout), RequestTimeout, "more than zero");
        Require(RelayTimeout > TimeSpan.Zero, nameof(RelayTimeout), RelayTimeout, "more than zero");
        Require(OnRelay is null || Gateway is { Length: > 0 }, nameof(Gateway), "null", "the gateway's id, since OnRelay is set");
    }

    private static void Require(bool isRight, string name, object value, string right)
    {
        if (!isRight)
        {
            throw new ArgumentException($"{name}: '{value}' is not {right}.", name);
        }
    }
}
