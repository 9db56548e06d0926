using AccountGrid.Faults;

namespace AccountGrid.Domain.Formats;

/// <summary>
/// A form in which states or the log are stored. Its first byte says which form it is and in which version: four bits each. A build reads its newest version of
/// a form and all earlier ones; another version is an error before anything is folded. It writes the version that belongs to the format version in force.
/// </summary>
/// <param name="Name">As error messages and the documentation name it.</param>
/// <param name="Kind">0 to 7. Forms of one kind never lie in the same place as those of another, unless both are read there.</param>
/// <param name="Since">The format version that brings each version of the form, the first one's first; 1 to 15 of them. This build reads them all.</param>
/// <param name="Place">Table and column.</param>
/// <param name="Writer">The type that writes it.</param>
/// <param name="Reader">The type that reads it.</param>
public sealed record StoredFormat(string Name, int Kind, IReadOnlyList<int> Since, string Place, string Writer, string Reader)
{
    /// <summary>Forms of which there is one version.</summary>
    private static readonly int[] One = NextFormat.IsOn ? [FormatVersion.Oldest, FormatVersion.Oldest + 1] : [FormatVersion.Oldest];

    public static readonly StoredFormat LogAppend = new("log append", 0, One, "log_batch.payload", nameof(ReadingBuffer), nameof(LogRecords));

    /// <summary>An account with its meters, by itself: one that is worked on unpacked, or one behind a row that says nothing of it.</summary>
    public static readonly StoredFormat Account = new("account", 1, One, "account_page.states", nameof(StateCodec), nameof(StateCodec));

    /// <summary>The numbers of a packed account, with the rest of it behind them.</summary>
    public static readonly StoredFormat AccountRow = new("account row", 2, One, "account_page.states", nameof(PackedCodec), nameof(PackedCodec));

    /// <summary>What a row leaves of its account.</summary>
    public static readonly StoredFormat RowRest = new("rest of an account row", 3, One, "account_page.states", nameof(PlainCodec), nameof(PlainCodec));

    public static readonly StoredFormat LooseMeter = new("meter on no account", 4, One, "loose_meter_state.state", nameof(StateCodec), nameof(StateCodec));

    private const int VersionBits = 4;

    /// <summary>All forms with a first byte of this kind, in the order of their kinds.</summary>
    public static IReadOnlyList<StoredFormat> All { get; } = [LogAppend, Account, AccountRow, RowRest, LooseMeter];

    /// <summary>The newest version that this build reads.</summary>
    public int Newest => Since.Count;

    /// <summary>The version that is written: the newest that the format version in force has.</summary>
    public int Version
    {
        get
        {
            var version = Newest;
            while (version > 1 && Since[version - 1] > FormatVersion.InForce)
            {
                version--;
            }

            return version;
        }
    }

    /// <summary>The first byte of what is written.</summary>
    public byte Header => HeaderOf(Version);

    /// <summary>Whether a first byte is of this form, in whatever version.</summary>
    public bool Is(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && bytes[0] >> VersionBits == Kind;

    /// <summary>Whether a first byte is of this form, in a version that this build reads.</summary>
    public bool Reads(ReadOnlySpan<byte> bytes) => Is(bytes) && NumberOf(bytes[0]) is var version && version > 0 && version <= Newest;

    /// <summary>The version of what was stored.</summary>
    /// <exception cref="LaterFormatException">It is of a later version than this build reads.</exception>
    /// <exception cref="FormatException">It is another form.</exception>
    public int VersionOf(ReadOnlySpan<byte> bytes)
    {
        if (Reads(bytes))
        {
            return NumberOf(bytes[0]);
        }

        var reads = Newest == 1 ? "version 1" : $"versions 1 to {Newest}";
        throw Is(bytes) && NumberOf(bytes[0]) is var found && found > 0
            ? new LaterFormatException($"Stored form '{Name}': version {found} was found; this build reads {reads}.")
            : new FormatException(bytes.Length == 0
                ? $"Stored form '{Name}': there are no bytes; this build reads {reads}."
                : $"Stored form '{Name}': the first byte is {bytes[0]}, which is not of this form; this build reads {reads}, which begins with {HeaderOf(1)}.");
    }

    private static int NumberOf(byte header) => header & ((1 << VersionBits) - 1);

    private byte HeaderOf(int version) => (byte)((Kind << VersionBits) | version);
}
