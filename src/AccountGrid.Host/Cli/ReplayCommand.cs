using Spectre.Console;

namespace AccountGrid.Host.Cli;

/// <summary>
/// The verb: reads the file, replays it with a progress bar, says what came of it. Status 1 if anything was refused, 2 if the file could not be read.
/// </summary>
internal static class ReplayCommand
{
    /// <summary>Refused rows that are shown one by one; all are counted.</summary>
    private const int RefusedShown = 100;

    public static async Task<int> RunAsync(string file, string? data, string? url, string? key, ReplayOptions options, CancellationToken cancel)
    {
        IntervalFileContent content;
        try
        {
            content = await IntervalFile.ReadRowsAsync(file);
        }
        catch (Exception e) when (e is FormatException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file}: {e.Message}");
            return 2;
        }

        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        var summary = await WithProgressAsync(new Replay(session.Client, content.Series, options, TimeProvider.System), cancel);
        summary = summary with { Refused = [.. content.Refused, .. summary.Refused] };
        Report(summary);
        return summary.IsWhole ? 0 : 1;
    }

    private static void Report(ReplaySummary summary)
    {
        Console.WriteLine(
            $"{summary.Readings} readings of {summary.Meters} meters in {summary.Seconds:0.0} s ({summary.Readings / summary.Seconds:0} a second): "
            + $"{summary.Accepted} accepted, {summary.Duplicates} duplicates, {summary.Rejected} rejected, {summary.Resent} batches sent twice. "
            + $"Of the file's rows {summary.Repeated} repeat another, {summary.Netted} are negative and reduced the intervals behind them, "
            + $"{summary.Refused.Count} are refused and were not sent.");
        foreach (var line in summary.FirstErrors.Select(e => $"  rejected: {e}").Concat(summary.Refused.Take(RefusedShown).Select(r => $"  refused: {r}")))
        {
            Console.WriteLine(line);
        }

        if (summary.Refused.Count > RefusedShown)
        {
            Console.WriteLine($"  refused: {summary.Refused.Count - RefusedShown} more.");
        }
    }

    private static async Task<ReplaySummary> WithProgressAsync(Replay replay, CancellationToken cancel)
    {
        if (Console.IsOutputRedirected)
        {
            return await replay.RunAsync(cancel).WaitAsync(cancel);
        }

        return await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask("Readings", maxValue: replay.Total);
            var run = replay.RunAsync(cancel).WaitAsync(cancel);
            while (!run.IsCompleted)
            {
                await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
                task.Value = replay.Sent;
            }

            return await run;
        });
    }
}
