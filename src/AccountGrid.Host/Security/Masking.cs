using System.Net;
using System.Text.RegularExpressions;

namespace AccountGrid.Host.Security;

/// <summary>Takes customers' numbers and addresses out of what other servers say, for logs and error columns, however those spell them.</summary>
internal static partial class Masking
{
    /// <summary>The fewest digits that can be a telephone number: subscriber numbers of seven digits are the shortest in use with SMS.</summary>
    private const int DigitsMin = 7;

    /// <summary>The shortest part before the @ that is looked for by itself: shorter ones are found in any text.</summary>
    private const int LocalPartMin = 3;

    /// <param name="text">What a server said.</param>
    /// <param name="to">Whom it speaks of: a number, an address, or empty. It is masked also where it stands without its host, or with other signs between its
    /// letters.</param>
    /// <returns>The text without it, without any other address, and without any other run of <see cref="DigitsMin"/> or more digits that is no IP
    /// address.</returns>
    public static string In(string text, string to)
    {
        var masked = to.Length > 0 ? text.Replace(to, PersonalData.Mask(to), StringComparison.OrdinalIgnoreCase) : text;
        masked = Address().Replace(masked, "****");
        if (to.IndexOf('@', StringComparison.Ordinal) is var at && at >= LocalPartMin)
        {
            masked = Spelled(to[..at]).Replace(masked, "****");
        }

        return Digits().Replace(masked, m => m.Value.Count(char.IsDigit) >= DigitsMin && !IsIPv4(m.Value) ? "****" : m.Value);
    }

    private static bool IsIPv4(string text) => text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out _);

    /// <summary>The letters and digits of a part of an address, whatever stands between them.</summary>
    private static Regex Spelled(string part) =>
        new(
            $@"(?<![\p{{L}}\p{{N}}]){string.Join(@"[._\-+""\\]*", part.Where(char.IsLetterOrDigit).Select(c => Regex.Escape(c.ToString())))}"
                + @"(?![\p{L}\p{N}])",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"""?[^\s<>""',;:()\[\]]+""?\s*(?:@|%40|=40|\(at\)|\[at\])\s*[^\s<>""',;:()]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"\+?\d(?:[\s().\-/]{0,2}\d)+", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
