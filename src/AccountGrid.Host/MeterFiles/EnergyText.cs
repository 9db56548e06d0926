using System.Globalization;
using AccountGrid.Domain;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Energy as files write it. The finest that is kept is a milliwatt-hour, 10^-6 kWh.</summary>
internal static class EnergyText
{
    private const decimal MilliWhPerKwh = 1_000_000m;

    /// <summary>Most energy of an interval, kWh.</summary>
    public const decimal IntervalKwhMax = 1_000_000m;

    /// <summary>Largest rest behind the last decimal that is taken for noise of binary floating point, mWh.</summary>
    private const decimal NoiseMilliWh = 0.001m;

    /// <summary>Beyond it a product could leave the range of decimal.</summary>
    private const decimal NumberMax = 1_000_000_000_000_000m;

    private const int TextMax = 40;

    /// <summary>Milliwatt-hours of one unit; null for what is no unit of energy. The case is not looked at, as files do not agree on it.</summary>
    public static decimal? MilliWhOf(string unit) => unit.ToUpperInvariant() switch
    {
        "WH" => 1_000m,
        "KWH" => MilliWhPerKwh,
        "MWH" => MilliWhPerKwh * 1_000m,
        _ => null,
    };

    /// <summary>Reads energy. Null where it is right; else what would be right, so that "is not" can stand before it.</summary>
    /// <param name="milliWhPerUnit">Milliwatt-hours of one unit of the number.</param>
    /// <param name="isInterval">The energy of an interval, perhaps negative; else a register.</param>
    public static string? TryParse(ReadOnlySpan<char> text, char decimalSign, decimal milliWhPerUnit, bool isInterval, out long milliWh)
    {
        milliWh = 0;
        Span<char> plain = stackalloc char[TextMax];
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (text.Length is 0 or > TextMax || (decimalSign != '.' && text.Contains('.')))
        {
            return Right(decimalSign);
        }

        text.Replace(plain, decimalSign, '.');
        if (!decimal.TryParse(plain[..text.Length], Styles, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) > NumberMax)
        {
            return Right(decimalSign);
        }

        var exact = number * milliWhPerUnit;
        var whole = decimal.Round(exact);
        if (Math.Abs(exact - whole) >= NoiseMilliWh)
        {
            return "a number of at most six decimals of a kWh";
        }

        if (isInterval ? Math.Abs(whole) > IntervalKwhMax * MilliWhPerKwh : whole < 0 || whole > Limits.RegisterMaxWh * 1_000m)
        {
            return isInterval ? $"energy of an interval from -{IntervalKwhMax} to {IntervalKwhMax} kWh" : $"a register from 0 to {Limits.RegisterMaxWh} Wh";
        }

        milliWh = (long)whole;
        return null;
    }

    /// <summary>For people.</summary>
    public static string Kwh(long milliWh) => (milliWh / MilliWhPerKwh).ToString(CultureInfo.InvariantCulture);

    private static string Right(char decimalSign) => $"a decimal such as 12{decimalSign}345";
}
