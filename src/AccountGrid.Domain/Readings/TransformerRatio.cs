using System.Globalization;

namespace AccountGrid.Domain.Readings;

/// <summary>The ratio of current and voltage transformers (倍率) as text: energy of the supply by what the register counts, with at most six decimals.</summary>
public static class TransformerRatio
{
    /// <summary>What is right for a ratio, for people.</summary>
    public static string Right { get; } =
        $"a decimal of more than 0 and at most {Limits.RatioMaxMicro / MeterRating.One} with at most six decimals, such as 60 or 12.5";

    /// <summary>Millionths; null for what is no ratio.</summary>
    public static long? MicroOf(string? text)
    {
        const long NanoPerMicro = Money.NanoPerUnit / MeterRating.One;
        return Money.TryParse(text, out var units) && units > Money.Zero && units <= Money.FromUnits(Limits.RatioMaxMicro / MeterRating.One)
            && units.Nano % NanoPerMicro == 0 ? units.Nano / NanoPerMicro : null;
    }

    /// <summary>Millionths as a decimal string without zeros at its end.</summary>
    public static string Text(long micro) => (micro / (decimal)MeterRating.One).ToString("0.######", CultureInfo.InvariantCulture);
}
