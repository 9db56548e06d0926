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
