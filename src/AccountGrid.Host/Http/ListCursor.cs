using System.Text;

namespace AccountGrid.Host.Http;

/// <summary>Cursors of lists with filters. One of a list with other filters is refused: it would leave rows out in silence.</summary>
internal static class ListCursor
{
    private const string Foreign = "cursor: it is not one that an earlier page of the same list gave.";

    /// <summary>What a list's cursors are known by.</summary>
    public static string Tag(params string?[] filters) => Convert.ToHexStringLower(Requests.HashOf(filters))[..16];

    public static string Of(string tag, params string[] place) =>
        Requests.Cursor([tag, .. place.Select(p => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(p)))]);

    /// <summary>Where to go on; null is from the beginning.</summary>
    /// <exception cref="BadHttpRequestException">It is another list's, or none that the grid made.</exception>
    public static string[]? Read(string? cursor, string tag, int parts)
    {
        if (Requests.ReadCursor(cursor, parts + 1) is not { } read)
        {
            return null;
        }

        try
        {
            return read[0] == tag ? [.. read.Skip(1).Select(p => Encoding.UTF8.GetString(Convert.FromHexString(p)))] : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new BadHttpRequestException(Foreign);
        }
    }

    /// <summary>A number in a cursor.</summary>
    public static long Number(string text) => long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new BadHttpRequestException(Foreign);
}
