using System.Globalization;
using System.Text.Json;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;

namespace AccountGrid.LoadTest.Commands;

/// <summary>The verb <c>merge</c>: results of processes that each drove a part, as one.</summary>
internal static class MergeCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> files, string folder)
    {
        var parts = new List<RunResult>();
        foreach (var file in files)
        {
            try
            {
                parts.Add(JsonSerializer.Deserialize<RunResult>(await File.ReadAllTextAsync(file), RunResult.Json) ?? throw new JsonException("it is null"));
            }
            catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"{file}: not a result of a run: {e.Message.ReplaceLineEndings(" ")}");
                return 2;
            }
        }

        var merged = Merge(parts);
        Console.WriteLine($"Report: {await RunReport.WriteAsync(merged, folder)}");
        return merged.Failed ? 1 : 0;
    }

    /// <summary>Counts add, histograms are joined exactly, and seconds count from when the first part began to when the last was over.</summary>
    public static RunResult Merge(IReadOnlyList<RunResult> parts)
    {
        var starts = parts.Select(p => DateTimeOffset.Parse(p.Started, CultureInfo.InvariantCulture)).ToList();
        var offsets = starts.ConvertAll(s => (s - starts.Min()).TotalSeconds);
        FaultSpan Shifted(FaultSpan span, double offset) => span with { FromSecond = span.FromSecond + offset, ToSecond = span.ToSecond + offset };
        LatencySummary Joined(Func<RunResult, LatencySummary> of) => LatencySummary.Merge(parts.Select(of));
        return parts[0] with
        {
            Settings = parts[0].Settings.ToDictionary(s => s.Key, s => s.Key == "part" ? $"{parts.Count} parts merged" : s.Value),
            Started = starts.Min().ToString("O", CultureInfo.InvariantCulture),
            Seconds = parts.Zip(offsets, (p, offset) => p.Seconds + offset).Max(),
            Offered = parts.Sum(p => p.Offered),
            Accepted = parts.Sum(p => p.Accepted),
            Rejected = parts.Sum(p => p.Rejected),
            Requests = parts.Sum(p => p.Requests),
            Trouble = parts.SelectMany(p => p.Trouble).GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.Sum(t => t.Value)),
            Acknowledgement = Joined(p => p.Acknowledgement),
            Service = Joined(p => p.Service),
            Freshness = Joined(p => p.Freshness),
            Queries = Joined(p => p.Queries),
            TopUps = Joined(p => p.TopUps),
            Notices = Joined(p => p.Notices),
            Crossings = parts.Sum(p => p.Crossings),
            NoticesMissing = parts.Sum(p => p.NoticesMissing),
            SiloPauses = LatencySummary.Merge(parts.Select(p => p.SiloPauses).OfType<LatencySummary>()),
            TesterStalls = LatencySummary.Merge(parts.Select(p => p.TesterStalls).OfType<LatencySummary>()),
            LiveEvents = parts.Sum(p => p.LiveEvents),
            Books = parts.Any(p => p.Books is null) ? null : new BooksResult(
                parts.Sum(p => p.Books!.Accounts), parts.Sum(p => p.Books!.MoneyChecked), parts.Sum(p => p.Books!.Wrong), parts.Sum(p => p.Books!.AcceptedWh),
                [.. parts.SelectMany(p => p.Books!.Differences)], parts.Sum(p => p.Books!.LeftOut)),
            Faults = [.. parts.SelectMany(p => p.Faults)],
            FaultSpans = [.. parts.Zip(offsets, (p, offset) => p.FaultSpans.Select(f => Shifted(f, offset))).SelectMany(f => f)],
            Series = [
                .. parts.Zip(offsets, (p, offset) => p.Series.Select(s => s with { Second = s.Second + (int)Math.Round(offset) })).SelectMany(s => s)
                    .GroupBy(s => s.Second).OrderBy(g => g.Key).Select(g => new SecondSample(
                g.Key, g.Sum(s => s.Offered), g.Sum(s => s.Acknowledged), g.Max(s => s.AckP99Ms), g.Max(s => s.FreshnessP99Ms), g.Max(s => s.QueryP99Ms),
                g.Max(s => s.SiloCpu), g.Max(s => s.DatabaseCpu), g.Sum(s => s.TesterCpu), g.Max(s => s.SiloMb)))],
        };
    }
}
