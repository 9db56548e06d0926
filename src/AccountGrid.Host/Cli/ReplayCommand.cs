using AccountGrid.Host.Database;
using AccountGrid.Host.MeterFiles;
using Spectre.Console;

namespace AccountGrid.Host.Cli;

/// <summary>
/// The verb: reads the file, replays it with a progress bar, says what came of it. Status 1 if anything was refused, 2 if the file could not be read.
/// </summary>
internal static class ReplayCommand
{
    /// <summary>Refused rows that are shown one by one; all are counted.</summary>
    private const int RefusedShown = 100;

    /// <param name="format">Null is the mapping's, or what the content says.</param>
    /// <param name="mappingFile">A mapping as JSON; null where the file says all by itself.</param>
    public static async Task<int> RunAsync(
        string file, string? format, string? mappingFile, string? data, string? url, string? key, ReplayOptions options, CancellationToken cancel)
    {
        MeterFileContent content;
        try
        {
            var mapping = await MappingAsync(mappingFile);
            content = await Task.Run(() => MeterFileFormats.Read(MeterFileSource.OfFile(file), format, mapping), cancel);
        }
        catch (MeterFileException e)
        {
            e.Errors.ToList().ForEach(error => Console.Error.WriteLine($"{file}: {error}"));
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file}: {e.Message}");
            return 2;
        }

        if (content.IsVoid)
        {
            content.Errors.ToList().ForEach(error => Console.Error.WriteLine($"{file}: {error}"));
            await Console.Error.WriteLineAsync($"{file}: {content.Refused} errors; a file of this format is taken whole or not at all, and nothing was sent.");
            return 2;
        }

        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        var summary = await WithProgressAsync(new Replay(session.Client, MeterPlan.Of(content), options, TimeProvider.System), cancel);
        summary = summary with
        {
            Refused = [.. content.Errors.Select(e => e.ToString()), .. summary.Refused],
            Unlisted = summary.Unlisted + content.Refused - content.Errors.Count
        };
        Report(summary, content);
        return summary.IsWhole ? 0 : 1;
    }

    private static async Task<MeterFileMapping> MappingAsync(string? file)
    {
        if (file is null)
        {
            return MeterFileMapping.None;
        }

        var (mapping, wrong) = File.Exists(file)
            ? MeterFileMappings.Read(await File.ReadAllBytesAsync(file))
            : throw new StartException($"{file}: there is no such file.");
        return mapping ?? throw new StartException(string.Join(Environment.NewLine, wrong.Select(w => $"{file}: {w}")));
    }

    private static void Report(ReplaySummary summary, MeterFileContent content)
    {
        Console.WriteLine(
            $"{summary.Readings} readings of {summary.Meters} meters in {summary.Seconds:0.0} s ({summary.Readings / summary.Seconds:0} a second): "
            + $"{summary.Accepted} accepted, {summary.Duplicates} duplicates, {summary.Rejected} rejected, {summary.Resent} batches sent twice. "
            + $"Of the file's rows {summary.Repeated} repeat another, {summary.Netted} are negative and reduced the intervals behind them, "
            + $"{summary.Refused.Count + summary.Unlisted} are refused and were not sent.");
        foreach (var (what, count) in content.Passed)
        {
            Console.WriteLine($"  passed over: {count} times {what}");
        }

        foreach (var line in summary.FirstErrors.Select(e => $"  rejected: {e}").Concat(summary.Refused.Take(RefusedShown).Select(r => $"  refused: {r}")))
        {
            Console.WriteLine(line);
        }

        if (summary.Refused.Count + summary.Unlisted > RefusedShown)
        {
            Console.WriteLine($"  refused: {summary.Refused.Count + summary.Unlisted - Math.Min(RefusedShown, summary.Refused.Count)} more.");
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
