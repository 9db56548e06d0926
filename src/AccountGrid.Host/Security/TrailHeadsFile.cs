using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Security;

/// <summary>
/// The file of heads: a line of JSON each time that chains grew, with the heads of those chains, the code of the line before and a code of its own
/// (HMAC-SHA256 under a key of the grid's secret). Whoever can change the database and not this file cannot take rows away unseen.
/// </summary>
internal static class TrailHeadsFile
{
    public const string Name = "audit-heads.ndjson";

    private const string MacMember = ",\"mac\":\"";

    public static byte[] KeyOf(GridSecret secret) => secret.KeyFor("audit-heads");

    /// <summary>One line, without its end.</summary>
    /// <param name="previous">The code of the line before; empty for the first.</param>
    public static string Line(byte[] key, DateTimeOffset at, Guid grid, string previous, IReadOnlyList<TrailHead> heads)
    {
        var body = JsonSerializer.Serialize(
            new { at = at.UtcDateTime, grid, previous, heads = heads.Select(h => new object[] { h.Account, h.Sequence, h.Hash }) }, ChannelJson.Options);
        return $"{body[..^1]}{MacMember}{MacOf(key, body)}\"}}";
    }

    /// <summary>The code at a line's end.</summary>
    public static string MacOfLine(string line) =>
        line.LastIndexOf(MacMember, StringComparison.Ordinal) is > 0 and var at ? line[(at + MacMember.Length)..].TrimEnd('"', '}') : "";

    /// <summary>When a line was written; null where it is none.</summary>
    public static DateTimeOffset? TimeOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("at").GetDateTimeOffset();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads lines and checks their codes. The first may follow any: older ones may be kept elsewhere.</summary>
    /// <param name="name">What differences call the file.</param>
    public static (List<TrailHead> Heads, List<string> Differences) Read(byte[] key, Guid grid, string name, IEnumerable<string> lines)
    {
        var (heads, differences) = (new List<TrailHead>(), new List<string>());
        string? previous = null;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (Verified(key, line) is not { } root)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, line {number}: it was changed, or another grid wrote it."));
                previous = null;
                continue;
            }

            if (root.GetProperty("grid").GetGuid() != grid)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, line {number}: it is of another grid."));
                continue;
            }

            if (previous is not null && root.GetProperty("previous").GetString() != previous)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, line {number}: lines before it are missing."));
            }

            previous = MacOfLine(line);
            heads.AddRange(root.GetProperty("heads").EnumerateArray().Select(h => new TrailHead(h[0].GetString()!, h[1].GetInt64(), h[2].GetString()!)));
        }

        return (heads, differences);
    }

    private static JsonElement? Verified(byte[] key, string line)
    {
        var at = line.LastIndexOf(MacMember, StringComparison.Ordinal);
        if (at < 0 || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(MacOf(key, line[..at] + "}")), Encoding.UTF8.GetBytes(MacOfLine(line))))
        {
            return null;
        }

        using var json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }

    private static string MacOf(byte[] key, string body) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(body)));
}
