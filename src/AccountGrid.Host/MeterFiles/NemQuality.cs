using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Quality methods of NEM12 and NEM13 (AEMO, Meter Data File Format, Appendix E): a flag, and for substitutes and estimates a method of two digits.
/// A actual; E forward estimate; S temporary and F final substitute; N no data; V various, as the 400 records say.
/// </summary>
/// <param name="IsMissing">There is no value.</param>
/// <param name="IsVarious">The 400 records say it.</param>
internal readonly record struct NemQuality(ReadingQuality Quality, bool IsMissing, bool IsVarious)
{
    /// <summary>Null where the text is a quality method; else what would be.</summary>
    public static string? TryParse(string text, bool mayVary, out NemQuality quality)
    {
        quality = default;
        var hasMethod = text.Length == 3 && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]);
        switch (text)
        {
            case "A":
                return null;
            case "N":
                quality = new(default, true, false);
                return null;
            case "V" when mayVary:
                quality = new(default, false, true);
                return null;
            case ['S' or 'E', ..] when hasMethod:
                quality = new(ReadingQuality.Estimated, false, false);
                return null;
            case ['F', ..] when hasMethod:
                // A final substitute is what is charged, and no measured value will follow.
                quality = new(ReadingQuality.Edited, false, false);
                return null;
            default:
                return mayVary ? "A, N, V, or S, F or E with a method of two digits such as S14" : "A, N, or S, F or E with a method of two digits such as S14";
        }
    }
}
