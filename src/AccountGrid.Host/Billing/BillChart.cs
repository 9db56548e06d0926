using System.Globalization;
using System.Text;

namespace AccountGrid.Host.Billing;

/// <summary>Use by month as bars, this month and the same month of last year marked: an inline drawing whose description has every figure.</summary>
internal static class BillChart
{
    private const int Bar = 28;
    private const int Gap = 8;
    private const int Tall = 90;

    /// <summary>Days by which two periods may differ that are compared: as months of a year apart do, and two or three of them.</summary>
    private const int DaysApartMax = 3;

    /// <summary>The last thirteen months to the bill's; one without a bill has no bar. Empty where only the bill's own month is known.</summary>
    public static string Svg(IReadOnlyList<BillMonth> months, BillTexts t)
    {
        if (months.Count < 2)
        {
            return "";
        }

        var last = DateOnly.ParseExact(months[^1].Month, "yyyy-MM", CultureInfo.InvariantCulture);
        var highest = Math.Max(1, months.Max(m => m.EnergyWh));
        var bars = new StringBuilder();
        for (var i = 0; i <= 12; i++)
        {
            var month = last.AddMonths(i - 12);
            var x = Gap + (i * (Bar + Gap));
            var color = i == 12 ? "#0b5394" : i == 0 ? "#b45f06" : "#9fb3c8";
            if (months.FirstOrDefault(m => m.Month == Text(month)) is { } known)
            {
                var height = (int)((Int128)Math.Max(0, known.EnergyWh) * Tall / highest);
                bars.Append(CultureInfo.InvariantCulture,
                    $"<rect x=\"{x}\" y=\"{Tall + 14 - height}\" width=\"{Bar}\" height=\"{height}\" fill=\"{color}\"/><text x=\"{x + (Bar / 2)}\" "
                        + $"y=\"{Tall + 10 - height}\" text-anchor=\"middle\">{known.EnergyWh / 1000}</text>");
            }

            bars.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + (Bar / 2)}\" y=\"{Tall + 28}\" text-anchor=\"middle\">{month:MM}</text>");
        }

        var said = string.Join("; ", months.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Month}: {m.EnergyWh / 1000m:#,0.0} kWh")));
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg class=\"chart\" role=\"img\" aria-labelledby=\"use-title use-list\" viewBox=\"0 0 {Gap + (13 * (Bar + Gap))} {Tall + 34}\">"
                + $"<title id=\"use-title\">{BillText.Html(t["chart"])}</title><desc id=\"use-list\">{BillText.Html(said)}</desc>{bars}</svg>");
    }

    /// <summary>
    /// Use of what was billed in this month and in the same month last year, in whole kWh, and by how many percent it changed; null where that is not known, or
    /// where as many days were not billed: instalments before the last, and a first, changed or final period.
    /// </summary>
    public static (long Now, long Then, long? Percent)? Comparison(IReadOnlyList<BillMonth> months)
    {
        var now = months[^1];
        var before = Text(DateOnly.ParseExact(now.Month, "yyyy-MM", CultureInfo.InvariantCulture).AddYears(-1));
        return months.FirstOrDefault(m => m.Month == before) is { } then && Math.Abs(now.Days - then.Days) <= DaysApartMax
            ? (now.EnergyWh / 1000, then.EnergyWh / 1000,
                then.EnergyWh <= 0 ? null : (long)Math.Round((now.EnergyWh - then.EnergyWh) * 100m / then.EnergyWh, MidpointRounding.AwayFromZero))
            : null;
    }

    private static string Text(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
