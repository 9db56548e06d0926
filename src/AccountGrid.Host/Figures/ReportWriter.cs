using System.Globalization;
using System.Net;
using System.Text;

namespace AccountGrid.Host.Figures;

/// <summary>Writes a report as Markdown, and as one HTML page with charts, without scripts and without anything from elsewhere.</summary>
internal static class ReportWriter
{
    private const int BarHeight = 22;
    private const int LabelWidth = 150;
    private const int BarWidth = 420;

    private const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem;color:#111}h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}"
        + "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:right;vertical-align:top}"
        + "th:first-child,td:first-child{text-align:left}svg{display:block;margin:.8rem 0;max-width:100%}svg text{font:12px system-ui,sans-serif;fill:#111}"
        + "@media print{h2{break-after:avoid}table,svg{break-inside:avoid}}";

    public static string Markdown(FigureReport report)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# {M(report.Title)}\n\n{M(report.Note)}\n");
        foreach (var section in report.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {M(section.Title)}\n\n");
            if (section.Rows.Count == 0)
            {
                text.Append("Nothing was counted.\n");
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", section.Columns.Select(M))} |\n");
            text.Append(CultureInfo.InvariantCulture, $"|{string.Concat(section.Columns.Select((_, i) => i == 0 ? "---|" : "---:|"))}\n");
            foreach (var row in section.Rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(M))} |\n");
            }
        }

        return text.ToString();
    }

    public static string Html(FigureReport report)
    {
        var page = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
            + $"<title>{E(report.Title)}</title><style>{Style}</style></head><body><main><h1>{E(report.Title)}</h1><p>{E(report.Note)}</p>");
        foreach (var section in report.Sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{E(section.Title)}</h2>");
            if (section.Rows.Count == 0)
            {
                page.Append("<p>Nothing was counted.</p>");
                continue;
            }

            if (section.Chart is { } chart)
            {
                Draw(page, chart);
            }

            var head = string.Concat(section.Columns.Select(c => $"<th scope=\"col\">{E(c)}</th>"));
            page.Append(CultureInfo.InvariantCulture, $"<table><thead><tr>{head}</tr></thead><tbody>");
            foreach (var row in section.Rows)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr>{string.Concat(row.Select(c => $"<td>{E(c)}</td>"))}</tr>");
            }

            page.Append("</tbody></table>");
        }

        return page.Append("</main></body></html>").ToString();
    }

    private static void Draw(StringBuilder page, ReportChart chart)
    {
        var most = Math.Max(double.Epsilon, chart.Bars.Select(b => b.Value).DefaultIfEmpty().Max());
        const int Width = LabelWidth + BarWidth + 120;
        var height = (chart.Bars.Count * BarHeight) + 4;
        page.Append(CultureInfo.InvariantCulture,
            $"<svg role=\"img\" aria-label=\"{E(chart.Title)}\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\">");
        foreach (var (bar, i) in chart.Bars.Select((b, i) => (b, i)))
        {
            var (y, width) = ((i * BarHeight) + 2, Math.Max(0, bar.Value / most) * BarWidth);
            page.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{LabelWidth - 6}\" y=\"{y + 14}\" text-anchor=\"end\">{E(bar.Label)}</text>"
                + $"<rect x=\"{LabelWidth}\" y=\"{y}\" width=\"{width:0.#}\" height=\"{BarHeight - 5}\" fill=\"#2a6f97\"/>"
                + $"<text x=\"{LabelWidth + width + 6:0.#}\" y=\"{y + 14}\">{bar.Value:#,##0.0}</text>");
        }

        page.Append("</svg>");
    }

    private static string E(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A cell of a Markdown table: names of areas and persons may hold anything.</summary>
    private static string M(string text)
    {
        var safe = new StringBuilder();
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            safe.Append("\\`*_{}[]<>#|".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c);
        }

        return safe.ToString();
    }
}
