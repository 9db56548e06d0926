using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Reconciliation;

/// <summary>
/// A line without regard to the files that have it. Equal lines of two files are one, since a file may come again, or in parts; twice in one file they are two.
/// </summary>
internal sealed record DistinctLine(string Key, SettlementLine Line, IReadOnlyList<FileLine> Places)
{
    /// <summary>References that name one payment: a mandate is that of many.</summary>
    public IEnumerable<string> Ids => Line.References.Where(r => r.Kind != "mandate").Select(r => r.Value).Concat(Line.ChannelTxnId is { } t ? [t] : []);

    /// <summary>The lines of all files, each once, ordered by content.</summary>
    public static List<DistinctLine> Of(IEnumerable<FileLine> lines)
    {
        var result = new List<DistinctLine>();
        foreach (var same in lines.DistinctBy(l => (l.Settlement, l.Ordinal)).GroupBy(l => Content(l.Line)))
        {
            var files = same.GroupBy(l => l.Settlement, StringComparer.Ordinal).OrderBy(f => f.Key, StringComparer.Ordinal)
                .Select(f => f.OrderBy(l => l.Ordinal).ToList()).ToList();
            for (var i = 0; i < files.Max(f => f.Count); i++)
            {
                var places = files.Where(f => f.Count > i).Select(f => f[i]).ToList();
                result.Add(new(KeyOf($"line|{same.Key}|{i}"), places[0].Line, places));
            }
        }

        return [.. result.OrderBy(l => l.Key, StringComparer.Ordinal)];
    }

    public static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    /// <summary>All fields but the number of the line, with a sign between them that no field can hold.</summary>
    private static string Content(SettlementLine l) => string.Join('\u001f',
    [
        SettlementListing.Name(l.Kind), l.ChannelTxnId, .. l.References.Select(r => $"{r.Kind}={r.Value}").Order(StringComparer.Ordinal),
        l.Amount.Nano.ToString(CultureInfo.InvariantCulture), l.Fee.Nano.ToString(CultureInfo.InvariantCulture),
        l.At?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), l.BusinessDay.DayNumber.ToString(CultureInfo.InvariantCulture), l.Account,
        l.Original,
    ]);
}
