namespace AccountGrid.Host.Partitions;

/// <summary>A hash of ids that is the same on every machine and for every build: FNV-1a over UTF-8, then mixed.</summary>
public static class IdHash
{
    public static ulong Of(string id)
    {
        Span<byte> bytes = stackalloc byte[id.Length * 3];
        return Of(bytes[..System.Text.Encoding.UTF8.GetBytes(id, bytes)]);
    }

    public static ulong Of(ReadOnlySpan<byte> utf8)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in utf8)
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        hash = unchecked((hash ^ (hash >> 32)) * 0xd6e8feb86659fd93);
        return hash ^ (hash >> 32);
    }
}
