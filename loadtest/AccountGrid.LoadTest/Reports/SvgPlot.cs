using System.Globalization;
using System.Text;

namespace AccountGrid.LoadTest.Reports;

/// <summary>Line plots as SVG: axes with round numbers, a legend, nothing else. Values that are no numbers break the line.</summary>
public static class SvgPlot
{
    private const int Width = 860;
    private const int Height = 300;
    private const int Left = 80;
    private const int Right = 20;
    private const int Top = 34;
    private const int Bottom = 44;

    /// <param name="xLabels">Names for positions on the x axis, in place of numbers.</param>
    /// <param name="marks">Stretches of the x axis that are shaded and named.</param>
    public static string Draw(string title, string xTitle, string yTitle, IReadOnlyList<PlotLine> lines, IReadOnlyList<(double X, string Name)>? xLabels = null,
        IReadOnlyList<(double From, double To, string Name)>? marks = null)
    {
        var points = lines.SelectMany(l => l.Points).Where(p => double.IsFinite(p.Y)).ToList();
        var maxX = Math.Max(1e-9, points.Select(p => p.X).DefaultIfEmpty(1).Max());
        var stepY = RoundStep(points.Select(p => p.Y).DefaultIfEmpty(1).Max() / 4);
        var maxY = stepY * Math.Max(1, Math.Ceiling(points.Select(p => p.Y).DefaultIfEmpty(1).Max() / stepY));
        double X(double x) => Left + (x / maxX * (Width - Left - Right));
        double Y(double y) => Height - Bottom - (y / maxY * (Height - Top - Bottom));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\"><rect "
                + $"width=\"100%\" height=\"100%\" fill=\"white\"/>");
        svg.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{Left}\" y=\"18\" font-weight=\"bold\">{title}</text><text x=\"{Width / 2}\" y=\"{Height - 6}\">{xTitle}</text><text "
                + $"transform=\"translate(14 {Height / 2}) rotate(-90)\" text-anchor=\"middle\">{yTitle}</text>");
        foreach (var (from, to, name) in marks ?? [])
        {
            var (left, right) = (X(Math.Min(from, maxX)), X(Math.Min(to, maxX)));
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{left:0.#}\" y=\"{Top}\" width=\"{Math.Max(1, right - left):0.#}\" height=\"{Height - Top - Bottom}\" fill=\"#fdd\"/><text "
                    + $"x=\"{left + 2:0.#}\" y=\"{Top + 12}\" fill=\"#a33\">{name}</text>");
        }

        for (var y = 0.0; y <= maxY + (stepY / 2); y += stepY)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(y):0.#}\" y2=\"{Y(y):0.#}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" "
                    + $"y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y:#,0.##}</text>");
        }

        var stepX = RoundStep(maxX / 8);
        foreach (var (x, name) in xLabels
            ?? [.. Enumerable.Range(0, (int)(maxX / stepX) + 1).Select(i => (i * stepX, (i * stepX).ToString("0.##", CultureInfo.InvariantCulture)))])
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x):0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{name}</text>");
        }

        for (var i = 0; i < lines.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<path fill=\"none\" stroke=\"{lines[i].Colour}\" stroke-width=\"1.5\" d=\"{Path(lines[i].Points, X, Y)}\"/><text "
                    + $"x=\"{Width - Right - ((lines.Count - i) * 130)}\" y=\"18\" fill=\"{lines[i].Colour}\">{lines[i].Name}</text>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Path(IReadOnlyList<(double X, double Y)> points, Func<double, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        var isDown = false;
        foreach (var point in points)
        {
            if (double.IsFinite(point.Y))
            {
                path.Append(CultureInfo.InvariantCulture, $"{(isDown ? 'L' : 'M')}{x(point.X):0.#} {y(point.Y):0.#}");
            }

            isDown = double.IsFinite(point.Y);
        }

        return path.ToString();
    }

    private static double RoundStep(double rough)
    {
        if (rough <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * new[] { 1, 2, 5, 10 }.First(f => f * power >= rough);
    }
}
