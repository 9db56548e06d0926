using System.Globalization;
using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;

namespace AccountGrid.LoadTest.Commands;

/// <summary>The verb <c>run</c>: one run, its report, and status 1 if the books are wrong, a reading was refused or a notice is missing.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(RunOptions options, CancellationToken cancel)
    {
        var display = new ProgressDisplay();
        await using var run = new LoadRun(options, TimeProvider.System, display);
        await run.PrepareAsync();
        var result = await run.MeasureAsync(options.Speed, options.Seconds, options.WarmUpSeconds, cancel);

        // Written already, so that a long run is not lost with what may go wrong from here on.
        await RunReport.WriteAsync(result, options.Report);
        var books = options.NoBooks ? null : await run.CloseBooksAsync(cancel);
        result = await WithNoticesAsync(run, result with { Books = books }, cancel);
        var report = await RunReport.WriteAsync(result, options.Report);
        Console.WriteLine();
        Console.WriteLine(RunReport.Markdown(result).Split("![")[0].TrimEnd());
        Console.WriteLine();
        Console.WriteLine($"Report: {report}");
        return result.Failed ? 1 : 0;
    }

    internal static async Task<RunResult> WithNoticesAsync(LoadRun run, RunResult result, CancellationToken cancel)
    {
        var notices = await run.NoticesAsync(cancel);
        return result with { Notices = notices.Latencies, Crossings = notices.Crossed, NoticesMissing = notices.Missing };
    }
}

/// <summary>The verb <c>step</c>: the highest rate whose acknowledgement stays under a bound, by doubling and then halving the step.</summary>
internal static class StepCommand
{
    private const int Halvings = 4;

    /// <summary>Seconds at each rate before it is measured, so that what the one before left is over.</summary>
    private const double Between = 2;

    /// <summary>Throws <see cref="FormatException"/>, with nothing begun, if the meters have too few past readings for the first rate.</summary>
    public static async Task<int> RunAsync(RunOptions options, double boundMs, double fromPerSecond, CancellationToken cancel)
    {
        var display = new ProgressDisplay();
        if (options.Schedule.Count > 0)
        {
            throw new FormatException("--fault: a search has no moment of its own to do it at; use run.");
        }

        options = options with { WarmUpSeconds = Math.Max(Between, options.WarmUpSeconds), IsSearch = true };
        var natural = options.Meters / (double)options.IntervalSeconds;
        var room = options.PastSeconds(TimeProvider.System) - (fromPerSecond / natural * options.WarmUpSeconds);
        if (room < Needed(fromPerSecond))
        {
            throw new FormatException(TooFew(options, fromPerSecond));
        }

        await using var run = new LoadRun(options, TimeProvider.System, display);
        await run.PrepareAsync();
        RunResult? best = null;
        var tried = new List<SearchStep>();
        double good = 0, bad = 0, step = fromPerSecond;
        for (var halvings = 0; halvings < Halvings;)
        {
            var rate = good + step;
            if (room < Needed(rate))
            {
                await Console.Error.WriteLineAsync(TooFew(options, rate));
                break;
            }

            room -= Needed(rate);
            var result = await run.MeasureAsync(rate / natural, options.Seconds, best is null && bad == 0 ? options.WarmUpSeconds : Between, cancel);
            var holds = result.Acknowledgement.P99 <= boundMs && result.Accepted >= 0.98 * result.Offered;
            tried.Add(new SearchStep(rate, result.Acknowledgement.P99, result.Offered == 0 ? 0 : (double)result.Accepted / result.Offered, holds));
            display.Say(string.Create(CultureInfo.InvariantCulture, $"{rate,10:N0} readings/s: acknowledgement p99 {result.Acknowledgement.P99:0.0} ms, {(result.Offered == 0 ? 0 : 100.0 * result.Accepted / result.Offered):0.0} % of what fell due accepted: {(holds ? "holds" : "does not hold")}"));
            if (holds)
            {
                (good, best) = (rate, result);
                step = bad == 0 ? good : step / 2;
            }
            else
            {
                bad = rate;
                step /= 2;
            }

            halvings += bad > 0 ? 1 : 0;
        }

        if (best is null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Not even {bad:N0} readings a second hold {boundMs} ms."));
            return 1;
        }

        var books = options.NoBooks ? null : await run.CloseBooksAsync(cancel);
        best = await RunCommand.WithNoticesAsync(run, best with { Books = books, Search = tried }, cancel);
        var report = await RunReport.WriteAsync(best, options.Report);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(bad == 0 ? "None that was tried is too high; highest" : "Highest")} rate with acknowledgement p99 under {boundMs} ms: {good:N0} readings a second. Report: {report}"));
        return best.Failed ? 1 : 0;

        double Needed(double rate) => rate / natural * (options.Seconds + Between);
    }

    private static string TooFew(RunOptions options, double rate) => string.Create(
        CultureInfo.InvariantCulture,
        $"--meters: {options.Meters:N0} meters have no {rate:N0} readings a second behind them for {options.Seconds} s, since a reading of the future is refused; take more meters, a shorter --interval, or fewer --seconds.");
}

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
                parts.Sum(p => p.Books!.Accounts), parts.Sum(p => p.Books!.MoneyChecked), parts.Sum(p => p.Books!.Wrong), parts.Sum(p => p.Books!.AcceptedWh), [.. parts.SelectMany(p => p.Books!.Differences)], parts.Sum(p => p.Books!.LeftOut)),
            Faults = [.. parts.SelectMany(p => p.Faults)],
            FaultSpans = [.. parts.Zip(offsets, (p, offset) => p.FaultSpans.Select(f => Shifted(f, offset))).SelectMany(f => f)],
            Series = [.. parts.Zip(offsets, (p, offset) => p.Series.Select(s => s with { Second = s.Second + (int)Math.Round(offset) })).SelectMany(s => s).GroupBy(s => s.Second).OrderBy(g => g.Key).Select(g => new SecondSample(
                g.Key, g.Sum(s => s.Offered), g.Sum(s => s.Acknowledged), g.Max(s => s.AckP99Ms), g.Max(s => s.FreshnessP99Ms), g.Max(s => s.QueryP99Ms), g.Max(s => s.SiloCpu), g.Max(s => s.DatabaseCpu), g.Sum(s => s.TesterCpu), g.Max(s => s.SiloMb)))],
        };
    }
}
