using System.Globalization;
using System.Text;
using System.Text.Json;
using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Reports;

/// <summary>Writes a result as JSON, and as Markdown with plots beside it.</summary>
public static class RunReport
{
    /// <summary>Writes result.json, report.md and the plots into a folder; returns the full path of the report.</summary>
    public static async Task<string> WriteAsync(RunResult result, string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "result.json"), JsonSerializer.Serialize(result, RunResult.Json));
        var seconds = result.Series;
        (double, double, string)[] marks = [.. result.FaultSpans.Select(f => (f.FromSecond, f.ToSecond, f.What))];
        IReadOnlyList<(double, double)> Over(Func<SecondSample, double> value) => [.. seconds.Select(s => ((double)s.Second, value(s)))];
        await File.WriteAllTextAsync(Path.Combine(folder, "throughput.svg"), SvgPlot.Draw(
            "Readings a second", "seconds", "readings/s",
            [new PlotLine("fell due", "#999", Over(s => s.Offered)), new PlotLine("acknowledged", "#06c", Over(s => s.Acknowledged))], marks: marks));
        await File.WriteAllTextAsync(Path.Combine(folder, "latency-over-time.svg"), SvgPlot.Draw(
            "99th percentile of each second", "seconds", "ms",
            [new PlotLine("acknowledgement", "#06c", Over(s => s.AckP99Ms)), new PlotLine("freshness", "#c60", Over(s => s.FreshnessP99Ms)),
                new PlotLine("query", "#393", Over(s => s.QueryP99Ms))], marks: marks));
        await File.WriteAllTextAsync(Path.Combine(folder, "cpu.svg"), SvgPlot.Draw(
            "Processors in use", "seconds", "cores",
            [new PlotLine("silos", "#06c", Over(s => s.SiloCpu)), new PlotLine("database", "#c60", Over(s => s.DatabaseCpu)),
                new PlotLine("tester", "#999", Over(s => s.TesterCpu))], marks: marks));
        await File.WriteAllTextAsync(Path.Combine(folder, "percentiles.svg"), Percentiles(result));
        var report = Path.GetFullPath(Path.Combine(folder, "report.md"));
        await File.WriteAllTextAsync(report, Markdown(result));
        return report;
    }

    /// <summary>A percentile that at least one of the samples lies above; of fewer it says nothing but the largest.</summary>
    private static string Told(LatencySummary l, double ms, int needed) => l.Count < needed ? "-" : ms.ToString("0.0", CultureInfo.InvariantCulture);

    public static string Markdown(RunResult r)
    {
        var text = new StringBuilder();
        void Line(string line) => text.AppendLine(line);
        Line($"# Load run of {r.Started}");
        Line($"");
        Line(
            $"{r.Accepted:N0} readings accepted in {r.Seconds:0.0} s: **{r.ReadingsPerSecond:N0} a second** in {r.Requests:N0} requests; {r.Offered:N0} "
                + $"fell due, {r.Rejected:N0} were rejected.");
        Line($"");
        Line($"| latency, ms | count | p50 | p90 | p99 | p99.9 | max |");
        Line($"|---|---|---|---|---|---|---|");
        foreach (var (name, l) in new[] { ("acknowledgement, from due", r.Acknowledgement), ("service, from sent", r.Service),
            ("freshness, from acknowledged", r.Freshness), ("balance query", r.Queries), ("top-up", r.TopUps), ("notice sent, from acknowledged", r.Notices),
            ("silo paused by its collector", r.SiloPauses), ("tester late by itself, over 5", r.TesterStalls) })
        {
            if (l is { Count: > 0 })
            {
                Line($"| {name} | {l.Count:N0} | {l.P50:0.0} | {Told(l, l.P90, 10)} | {Told(l, l.P99, 100)} | {Told(l, l.P999, 1_000)} | {l.Max:0.0} |");
            }
        }

        Line($"");
        if (r.Cpu is { } cpu && r.Accepted > 0)
        {
            Line($"| | silos | database | tester |");
            Line($"|---|---|---|---|");
            Line($"| CPU, µs a reading | {cpu.Silo * 1e6 / r.Accepted:0.00} | {cpu.Database * 1e6 / r.Accepted:0.00} | {cpu.Tester * 1e6 / r.Accepted:0.00} |");
            Line($"| cores in use | {cpu.Silo / r.Seconds:0.00} | {cpu.Database / r.Seconds:0.00} | {cpu.Tester / r.Seconds:0.00} |");
            Line($"");
            Line(
                $"Silos' memory at most {r.SiloPeakMb:N0} MB. Written: {(double)(r.WalBytes ?? 0) / r.Accepted:0.0} bytes of "
                    + $"WAL{(r.PageBytes is { } pages ? FormattableString.Invariant($" and {(double)pages / r.Accepted:0.0} of pages") : "")} a reading; "
                    + $"the database grew by {(r.DatabaseGrowthBytes ?? 0) / 1048576.0:N0} MB. {r.LiveEvents:N0} balances went to subscribers.");
            Line($"");
            if (r.CpuBySilo is { Count: > 1 } bySilo)
            {
                Line($"CPU by silo, cores: {string.Join(", ", bySilo.Select(c => (c / r.Seconds).ToString("0.00", CultureInfo.InvariantCulture)))}.");
                Line($"");
            }
        }

        if (r.Crossings > 0)
        {
            Line($"{r.Crossings:N0} accounts crossed their level; **{r.NoticesMissing:N0} were sent no notice**.");
            Line($"");
        }

        if (r.Search.Count > 0)
        {
            Line($"| rate tried, readings a second | acknowledgement p99, ms | of what fell due accepted | holds |");
            Line($"|---|---|---|---|");
            foreach (var s in r.Search)
            {
                Line($"| {s.Rate:N0} | {s.P99Ms:0.0} | {100 * s.AcceptedShare:0.0} % | {(s.Holds ? "yes" : "no")} |");
            }

            Line($"");
        }

        foreach (var fault in r.Faults)
        {
            Line($"- {fault}");
        }

        foreach (var span in r.FaultSpans)
        {
            Line($"- {span.What} at {span.FromSecond:0.0} s: {Recovery.Of(r.Series, span)}");
        }

        if (r.Faults.Count > 0)
        {
            Line($"");
        }

        if (r.Trouble.Count > 0)
        {
            Line($"Out of the ordinary: {string.Join(", ", r.Trouble.Select(t => $"{t.Key} {t.Value:N0}"))}.");
            Line($"");
        }

        if (r.Books is { } b)
        {
            Line(
                $"**Books:** {b.Accounts:N0} accounts, {b.AcceptedWh:N0} Wh accepted; money compared for {b.MoneyChecked:N0}; **{b.Wrong:N0} "
                    + $"wrong**{(b.LeftOut > 0 ? FormattableString.Invariant($"; {b.LeftOut:N0} left out, since lines of their gateway were refused") : "")}.");
            foreach (var difference in b.Differences)
            {
                Line($"- {difference}");
            }

            Line($"");
        }

        foreach (var plot in new[] { "throughput", "latency-over-time", "percentiles", "cpu" })
        {
            Line($"![{plot}]({plot}.svg)");
        }

        Line($"");
        Line($"| setting | |");
        Line($"|---|---|");
        foreach (var (name, value) in r.Settings.Concat(r.Machine))
        {
            Line($"| {name} | {value} |");
        }

        return text.ToString();
    }

    /// <summary>Latency by percentile on an axis that gives each further nine the same room.</summary>
    private static string Percentiles(RunResult r)
    {
        var nines = new[] { (0.0, "0"), (0.30103, "50"), (1.0, "90"), (2.0, "99"), (3.0, "99.9"), (4.0, "99.99") };
        PlotLine Of(string name, string colour, LatencySummary l)
        {
            var points = new List<(double, double)>();
            long passed = 0;
            foreach (var pair in l.CountsByUs)
            {
                passed += pair[1];
                points.Add((Math.Min(4, -Math.Log10(Math.Max(1e-4, 1 - ((double)passed / l.Count)))), pair[0] / 1000.0));
            }

            return new PlotLine(name, colour, points);
        }

        return SvgPlot.Draw("Latency by percentile", "percentile", "ms",
            [Of("acknowledgement", "#06c", r.Acknowledgement), Of("freshness", "#c60", r.Freshness), Of("query", "#393", r.Queries)], nines);
    }
}
