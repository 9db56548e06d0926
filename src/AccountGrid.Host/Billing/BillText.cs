using System.Globalization;
using System.Net;
using System.Text;

namespace AccountGrid.Host.Billing;

/// <summary>Texts of people and meters made harmless for a page or an XML document.</summary>
internal static class BillText
{
    /// <summary>
    /// A text without what cannot be shown: control characters, which XML does not allow, halves of surrogate pairs, and marks that turn the direction of
    /// writing, by which a name could pass for another. Each becomes U+FFFD; a tab or line break becomes a blank.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value switch
            {
                '\t' or '\n' or '\r' => " ",
                0xFFFE or 0xFFFF => "\uFFFD",
                _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned => "\uFFFD",
                >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F or 0x061C => "\uFFFD",
                _ => rune.ToString(),
            });
        }

        return clean.ToString();
    }

    /// <summary>A text for an HTML page, between elements or in a quoted attribute.</summary>
    public static string Html(string text) => WebUtility.HtmlEncode(Clean(text));
}
