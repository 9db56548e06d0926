using System.Globalization;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>How a file writes numbers.</summary>
/// <param name="DecimalSign"><c>.</c> or <c>,</c>.</param>
/// <param name="GroupSign">Between groups of three digits; null is none.</param>
/// <param name="MinorDigits">Where amounts are whole smallest units, the currency's decimals; else null.</param>
internal sealed record NumberForm(char DecimalSign = '.', char? GroupSign = null, int? MinorDigits = null)
{
    private const int DecimalsMax = 9;
    private const int DigitsMax = 19;

    public static NumberForm Plain { get; } = new();

    /// <summary>What a right amount looks like.</summary>
    public string Right => MinorDigits is not null ? "a whole number of the smallest unit such as 1250" : $"a decimal number such as 12{DecimalSign}50";

    /// <summary>The number, or null for whatever is not written so: exponents, currency signs and groups of another size included.</summary>
    public decimal? Parse(string text)
    {
        var body = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;
        var parts = body.Split(DecimalSign);
        var whole = GroupSign is { } sign && parts[0].Contains(sign) ? Ungrouped(parts[0], sign) : parts[0];
        if (parts.Length > 2 || whole is null || !AreDigits(whole) || whole.Length > DigitsMax
            || (parts.Length == 2 && (MinorDigits is not null || !AreDigits(parts[1]) || parts[1].Length > DecimalsMax)))
        {
            return null;
        }

        var plain = parts.Length == 2 ? $"{whole}.{parts[1]}" : whole;
        var value = decimal.Parse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        for (var i = 0; i < (MinorDigits ?? 0); i++)
        {
            value /= 10;
        }

        return text.StartsWith('-') ? -value : value;
    }

    private static string? Ungrouped(string text, char sign)
    {
        var groups = text.Split(sign);
        return groups[0].Length is >= 1 and <= 3 && groups.Skip(1).All(g => g.Length == 3) ? string.Concat(groups) : null;
    }

    private static bool AreDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
