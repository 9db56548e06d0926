using System.Globalization;
using System.Text;

namespace AccountGrid.Host.Payments;

/// <summary>
/// What SEPA lets stand in a message: a to z, digits and a few signs. Letters with accents lose them; what has no such letter is refused and never replaced.
/// (Source: EPC217-08, SEPA requirements for an extended character set.)
/// </summary>
internal static class SepaText
{
    public const int IdMax = 35;
    public const int NameMax = 70;
    public const int RemittanceMax = 140;
    public const string RightName = "a text of 1 to 70 characters of SEPA: letters, digits, blanks and / - ? : ( ) . , ' +";

    private const string Signs = "/-?:().,'+ ";

    private const string From = "ÀÁÂÃÅĀĂĄÇĆĈĊČĎĐÈÉÊËĒĔĖĘĚĜĞĠĢĤĦÌÍÎÏĨĪĬĮİĴĶĹĻĽĿŁÑŃŅŇÒÓÔÕŌŎŐŔŖŘŚŜŞŠȘŢŤŦȚÙÚÛŨŪŬŮŰŲŴÝŶŸŹŻŽ"
        + "àáâãåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀłñńņňòóôõōŏőŕŗřśŝşšșţťŧțùúûũūŭůűųŵýŷÿźżž";

    private const string To = "AAAAAAAACCCCCDDEEEEEEEEEGGGGHHIIIIIIIIIJKLLLLLNNNNOOOOOOORRRSSSSSTTTTUUUUUUUUUWYYYZZZ"
        + "aaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijklllllnnnnooooooorrrsssssttttuuuuuuuuuwyyyzzz";

    private static readonly Dictionary<char, string> Letters = Build();

    /// <summary>The text as SEPA can carry it; null where it cannot, or is empty or too long.</summary>
    public static string? Of(string text, int max)
    {
        var result = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || Signs.Contains(c, StringComparison.Ordinal))
            {
                result.Append(c);
            }
            else if (Letters.TryGetValue(c, out var letters))
            {
                result.Append(letters);
            }
            else
            {
                return null;
            }
        }

        var said = result.ToString().Trim();
        return said.Length > 0 && said.Length <= max ? said : null;
    }

    /// <summary>An id that every file can carry as it is: no slash at its ends, nor two of them.</summary>
    public static bool IsId(string text) =>
        text.Length is > 0 and <= IdMax && text.All(c => char.IsAsciiLetterOrDigit(c) || (c != ' ' && Signs.Contains(c, StringComparison.Ordinal)))
        && text[0] != '/' && text[^1] != '/' && !text.Contains("//", StringComparison.Ordinal);

    /// <summary>Whether a text is an IBAN: country, check digits, and the rest modulo 97. (Source: ISO 13616.)</summary>
    public static bool IsIban(string text)
    {
        if (text.Length is < 15 or > 34 || !text.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)) || !char.IsAsciiLetterUpper(text[0])
            || !char.IsAsciiLetterUpper(text[1]) || !char.IsAsciiDigit(text[2]) || !char.IsAsciiDigit(text[3]))
        {
            return false;
        }

        var rest = 0;
        foreach (var c in text[4..] + text[..4])
        {
            var value = char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;
            rest = ((rest * (value > 9 ? 100 : 10)) + value) % 97;
        }

        return rest == 1;
    }

    public static bool IsBic(string text) => text.Length is 8 or 11 && text.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c))
        && text[..6].All(char.IsAsciiLetterUpper);

    /// <summary>Whether a text has the form of a reason of ISO 20022: four capital letters or digits.</summary>
    public static bool IsReason(string text) => text.Length == 4 && text.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c));

    private static Dictionary<char, string> Build()
    {
        var letters = new Dictionary<char, string>
        {
            ['Ä'] = "AE",
            ['Ö'] = "OE",
            ['Ü'] = "UE",
            ['ä'] = "ae",
            ['ö'] = "oe",
            ['ü'] = "ue",
            ['ß'] = "ss",
            ['Æ'] = "AE",
            ['æ'] = "ae",
            ['Œ'] = "OE",
            ['œ'] = "oe",
            ['Ø'] = "OE",
            ['ø'] = "oe",
            ['Þ'] = "TH",
            ['þ'] = "th",
            ['ð'] = "d",
            ['Ð'] = "D",
            ['&'] = "+",
            ['_'] = "-",
            ['’'] = "'",
            ['–'] = "-",
        };
        for (var i = 0; i < From.Length; i++)
        {
            letters.TryAdd(From[i], To[i].ToString(CultureInfo.InvariantCulture));
        }

        return letters;
    }
}
