using System.Globalization;
using AccountGrid.Host.Client;
using AccountGrid.Host.Database;
using AccountGrid.Host.Figures;

namespace AccountGrid.Host.Cli;

/// <summary>The verb: writes a month's report from a grid's figures.</summary>
internal static class ReportCommand
{
    /// <summary>Months that are shown beside the month of the report, itself included.</summary>
    private const int MonthsShown = 12;

    public static async Task<int> RunAsync(string month, string? folder, string? data, string? url, string? key)
    {
        if (!DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
        {
            throw new StartException($"--month: '{month}' is not a month such as 2026-10.");
        }

        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        foreach (var path in await WriteAsync(session.Client, first, folder ?? Directory.GetCurrentDirectory()))
        {
            Console.WriteLine(path);
        }

        return 0;
    }

    /// <summary>Writes both forms of the report, and returns their paths.</summary>
    internal static async Task<IReadOnlyList<string>> WriteAsync(GridClient client, DateOnly month, string folder)
    {
        var asked = month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        async Task<FiguresAnswer> Read(string query) =>
            await client.GetAsync<FiguresAnswer>($"/v1/figures?{query}") is { IsComplete: true } answer
                ? answer
                : throw new StartException("The figures are being counted anew and are not complete: ask again later.");
        var (from, to) = (month.AddMonths(1 - MonthsShown), month.AddMonths(1).AddDays(-1));
        var report = new FigureReport(
            month, await Read($"month={asked}"), await Read($"from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}&by=month"), await Read($"month={asked}&by=area"),
            await Read($"month={asked}&by=channel"), await Read($"month={asked}&by=collector"));
        Directory.CreateDirectory(folder);
        var path = Path.GetFullPath(Path.Combine(folder, $"report-{asked}"));
        await File.WriteAllTextAsync(path + ".html", ReportWriter.Html(report));
        await File.WriteAllTextAsync(path + ".md", ReportWriter.Markdown(report));
        return [path + ".html", path + ".md"];
    }
}
