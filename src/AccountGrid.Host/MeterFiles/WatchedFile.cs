namespace AccountGrid.Host.MeterFiles;

/// <summary>A file of the watched folder as it looked: while it looks the same, nobody writes to it.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="ChangedAt">When it was changed last, by the clock of its file system.</param>
/// <param name="IsLink">A link, which is not followed.</param>
internal sealed record WatchedFile(string Path, long Bytes, DateTime ChangedAt, bool IsLink)
{
    /// <summary>Files that their writers name when they are whole.</summary>
    private static readonly string[] Unfinished = [".tmp", ".part"];

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Null where it is gone.</summary>
    public static WatchedFile? Look(string path)
    {
        var info = new FileInfo(path);
        try
        {
            return info.Exists || info.LinkTarget is not null
                ? new WatchedFile(path, info.LinkTarget is null ? info.Length : 0, info.LastWriteTimeUtc, info.LinkTarget is not null)
                : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What lies in a folder, the oldest first.</summary>
    public static IEnumerable<WatchedFile> In(string folder) => Directory.EnumerateFiles(folder)
        .Where(p => !System.IO.Path.GetFileName(p).StartsWith('.') && !Unfinished.Any(u => p.EndsWith(u, StringComparison.OrdinalIgnoreCase)))
        .Select(Look).OfType<WatchedFile>().OrderBy(f => f.ChangedAt).ThenBy(f => f.Name, StringComparer.Ordinal);

    /// <summary>
    /// Whether text may be the beginning of a longer one: its last line has no end, so that its last number may be. Of XML, NEM12's and NEM13's record 900, P1
    /// and gzip the end can be told.
    /// </summary>
    public static bool IsCutOff(ReadOnlySpan<byte> content)
    {
        if (content is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            // UTF-16 with its byte order mark: two bytes each.
            return content.Length % 2 != 0 || content is not ([0xff, .., (byte)'\n', 0] or [0xfe, .., 0, (byte)'\n']);
        }

        if (content is [0x1f, 0x8b, ..] or [.., (byte)'\n'])
        {
            return false;
        }

        var text = content is [0xef, 0xbb, 0xbf, ..] ? content[3..] : content;
        var last = text[(text.LastIndexOf((byte)'\n') + 1)..];
        return text.TrimStart(" \t\r\n"u8) is not [(byte)'<', ..] && last is not [(byte)'!', ..] && !last.TrimEnd(" \t\r,"u8).SequenceEqual("900"u8);
    }
}
