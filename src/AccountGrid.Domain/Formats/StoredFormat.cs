namespace AccountGrid.Domain.Formats;

/// <summary>
/// A form in which states or the log are stored. Its first byte says which form it is and in which version: four bits each. A release writes one version of a
/// form and reads that one and all earlier ones; another version is an error before anything is folded.
/// </summary>
/// <param name="Name">As error messages and the documentation name it.</param>
/// <param name="Kind">0 to 7. Forms of one kind never lie in the same place as those of another, unless both are read there.</param>
/// <param name="Version">1 to 15: what this build writes. It reads 1 to this.</param>
/// <param name="Place">Table and column.</param>
/// <param name="Writer">The type that writes it.</param>
/// <param name="Reader">The type that reads it.</param>
public sealed record StoredFormat(string Name, int Kind, int Version, string Place, string Writer, string Reader)
{
    public static readonly StoredFormat LogAppend = new("log append", 0, 1, "log_batch.payload", nameof(ReadingBuffer), nameof(LogRecords));

    /// <summary>An account with its meters, by itself: one that is worked on unpacked, or one behind a row that says nothing of it.</summary>
    public static readonly StoredFormat Account = new("account", 1, 1, "account_page.states", nameof(StateCodec), nameof(StateCodec));

    /// <summary>The numbers of a packed account, with the rest of it behind them.</summary>
    public static readonly StoredFormat AccountRow = new("account row", 2, 1, "account_page.states", nameof(PackedCodec), nameof(PackedCodec));

    /// <summary>What a row leaves of its account.</summary>
    public static readonly StoredFormat RowRest = new("rest of an account row", 3, 1, "account_page.states", nameof(PlainCodec), nameof(PlainCodec));

    public static readonly StoredFormat LooseMeter = new("meter on no account", 4, 1, "loose_meter_state.state", nameof(StateCodec), nameof(StateCodec));

    private const int VersionBits = 4;

    /// <summary>All forms with a first byte of this kind, in the order of their kinds.</summary>
    public static IReadOnlyList<StoredFormat> All { get; } = [LogAppend, Account, AccountRow, RowRest, LooseMeter];

    /// <summary>The first byte of what this build writes.</summary>
    public byte Header => (byte)((Kind << VersionBits) | Version);

    /// <summary>Whether a first byte is of this form, in whatever version.</summary>
    public bool Is(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && bytes[0] >> VersionBits == Kind;

    /// <summary>The version of what was stored.</summary>
    /// <exception cref="FormatException">It is another form, or of a version that this build does not read.</exception>
    public int VersionOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0 && bytes[0] == Header)
        {
            return Version;
        }

        var reads = Version == 1 ? "version 1" : $"versions 1 to {Version}";
        return bytes.Length == 0 ? throw new FormatException($"Stored form '{Name}': there are no bytes; this build reads {reads}.")
            : !Is(bytes)
            ? throw new FormatException(
                $"Stored form '{Name}': the first byte is {bytes[0]}, which is not of this form; this build reads {reads}, which begins with {Header}.")
            : (bytes[0] & ((1 << VersionBits) - 1)) is var found && found is 0 || found > Version
            ? throw new FormatException($"Stored form '{Name}': version {found} was found; this build reads {reads}.")
            : found;
    }
}
