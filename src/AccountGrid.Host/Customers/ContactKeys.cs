using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Customers;

/// <summary>
/// By what a sealed number or address is found: keyed hashes of how it is written at its plainest. Whoever has the database alone sees that two are the same,
/// and not what they are. The hashes stand beside the seal, and go where it goes.
/// </summary>
internal sealed class ContactKeys(GridSecret secret)
{
    /// <summary>Last digits of a number that are compared: with them it is the same with a country's code, a leading zero, or neither.</summary>
    private const int NumberDigits = 9;

    /// <summary>Fewest digits of a number, and fewest characters of a search for an address.</summary>
    private const int LeastLength = 4;

    /// <summary>Words of one address that are kept.</summary>
    private const int WordsMax = 32;

    /// <summary>Bytes of a hash that are kept: 72 bits, of which a million numbers share none by chance.</summary>
    private const int KeyBytes = 9;

    private readonly byte[] _key = secret.KeyFor("contact-keys");

    /// <summary>The hashes of a number or an address, to be kept with its seal.</summary>
    public IReadOnlyList<string> Of(string to) => [.. FormsOf(to).Select(Hash)];

    /// <summary>What contacts contain in which a text of a search is found, as JSON; null where nothing can be.</summary>
    public string? FilterOf(string text)
    {
        var forms = text.Trim().Length < LeastLength ? [] : Searched(text);
        return forms.Count == 0 ? null : JsonSerializer.Serialize(new[] { new { keys = forms.Select(Hash) } });
    }

    /// <summary>A number has one form; an e-mail address itself and its part before the @; any other address its words.</summary>
    internal static List<string> FormsOf(string to)
    {
        if (NumberOf(to) is { } number)
        {
            return [number];
        }

        var plain = Plain(to);
        return plain.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
            ? [$"mail:{plain}", $"mail:{plain[..at]}@"]
            : [.. Words(plain).Distinct().Take(WordsMax).Select(w => $"word:{w}")];
    }

    /// <summary>Forms that must all be among a contact's.</summary>
    internal static List<string> Searched(string text)
    {
        var plain = Plain(text);
        return NumberOf(text) is { } number ? [number]
            : plain.Contains('@', StringComparison.Ordinal) ? [$"mail:{plain}"]
            : [.. Words(plain).Distinct().Take(WordsMax).Select(w => $"word:{w}")];
    }

    /// <summary>The last digits of a telephone number, however it is grouped; null for anything else.</summary>
    private static string? NumberOf(string text)
    {
        var plain = Narrow(text);
        var digits = string.Concat(plain.Where(char.IsAsciiDigit));
        return digits.Length < LeastLength || plain.Any(c => !char.IsAsciiDigit(c) && !char.IsWhiteSpace(c) && !"+-()./".Contains(c, StringComparison.Ordinal))
            ? null
            : $"number:{(digits.Length <= NumberDigits ? digits.TrimStart('0') : digits[^NumberDigits..])}";
    }

    private static string Plain(string text) => Narrow(text).Trim().ToLowerInvariant();

    /// <summary>The wide signs of Chinese keyboards as the common ones. The process has no tables for the other forms of Unicode.</summary>
    private static string Narrow(string text) => string.Create(text.Length, text, (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = from[i] is >= '\uff01' and <= '\uff5e' ? (char)(from[i] - 0xfee0) : from[i] == '\u3000' ? ' ' : from[i];
        }
    });

    /// <summary>Words of letters and digits; of Chinese, which has no spaces, each two neighbouring signs.</summary>
    private static IEnumerable<string> Words(string plain)
    {
        var word = new StringBuilder();
        for (var i = 0; i <= plain.Length; i++)
        {
            var c = i < plain.Length ? plain[i] : ' ';
            if (char.IsLetterOrDigit(c) && !IsChinese(c))
            {
                word.Append(c);
                continue;
            }

            if (word.Length > 1)
            {
                yield return word.ToString();
            }

            word.Clear();
            if (IsChinese(c) && i + 1 < plain.Length && IsChinese(plain[i + 1]))
            {
                yield return plain.Substring(i, 2);
            }
        }
    }

    private static bool IsChinese(char c) => c is >= '\u4e00' and <= '\u9fff' && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter;

    private string Hash(string form) => Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(form)).AsSpan(0, KeyBytes));
}
