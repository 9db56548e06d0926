using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Host.Telemetry;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Takes files out of a folder, the oldest first and one at a time, each through the job of a file that is sent to the API. Then the file lies in <c>done</c>
/// or <c>failed</c> with a report beside it. A file that still lies there after a crash is taken again, which changes nothing.
/// </summary>
internal sealed partial class WatchedFolder(MeterFileStore store, MeterFileOptions options, GridDirectory directory, AuditTrail trail, TimeProvider time,
    ILogger<WatchedFolder> logger) : PeriodicService(TimeSpan.FromSeconds(1), time)
{
    /// <summary>Bytes of a name that are kept, so that it fits a file system with an id and an ending.</summary>
    private const int NameBytesMax = 200;

    private static readonly JsonSerializerOptions ReportJson = new(ApiJson.Options) { WriteIndented = true };
    private static readonly TimeSpan AskedAgain = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, (WatchedFile File, long Since)> _seen = [];

    /// <summary>Read, and could not be moved: only that is tried again.</summary>
    private readonly Dictionary<string, (WatchedFile File, MeterFileAnswer Answer)> _stuck = [];

    private bool _saidNoGateway;

    /// <exception cref="StartException">Nothing can be moved there.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var folder in new[] { "done", "failed" })
            {
                Directory.CreateDirectory(Path.Combine(options.Watched, folder));
                using var probe = new FileStream(
                    Path.Combine(options.Watched, folder, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                    FileOptions.DeleteOnClose);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"Files__Watched: '{options.Watched}' cannot be written to: {e.Message}");
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        foreach (var file in Still())
        {
            cancel.ThrowIfCancellationRequested();
            if (_stuck.TryGetValue(file.Path, out var stuck) && stuck.File == file)
            {
                Move(file, stuck.Answer);
            }
            else if (!await TakeAsync(file, cancel))
            {
                return false;
            }
        }

        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, options.Watched, cause);

    /// <summary>Files that have looked the same for long enough.</summary>
    private List<WatchedFile> Still()
    {
        var files = WatchedFile.In(options.Watched).ToList();
        foreach (var gone in _seen.Keys.Except(files.Select(f => f.Path)).ToList())
        {
            _seen.Remove(gone);
            _stuck.Remove(gone);
        }

        foreach (var file in files.Where(f => !_seen.TryGetValue(f.Path, out var seen) || seen.File != f))
        {
            _seen[file.Path] = (file, Time.GetTimestamp());
        }

        return [.. files.Where(f => Time.GetElapsedTime(_seen[f.Path].Since) >= TimeSpan.FromSeconds(options.WatchedStillSeconds))];
    }

    /// <summary>False where no further file can be taken now.</summary>
    private async Task<bool> TakeAsync(WatchedFile file, CancellationToken cancel)
    {
        if (await ReadAsync(file, cancel) is not var (content, wrong))
        {
            return true;
        }

        if (wrong is not null)
        {
            var now = Time.GetUtcNow();
            Move(file, new MeterFileAnswer(Guid.CreateVersion7().ToString("N"), file.Name, null, Mapping, "refused", now, now,
                MeterFileResult.Failed([MeterFileErrorAnswer.Of(wrong)], settled: true)));
            return true;
        }

        if (await GatewayAsync() is not { } gateway)
        {
            return false;
        }

        var hash = SHA256.HashData(content);
        await trail.AddAsync("", Folder(), "PUT", $"/folder/{file.Name}", trail.HashOf(content), Convert.ToHexStringLower(hash));
        if (await store.AddAsync(new NewMeterFile(content, hash, gateway, "folder", file.Name, null, Mapping), cancel) is not { } added)
        {
            return false;
        }

        var answer = await store.FindAsync(added.Answer.Id, 0);
        while (answer is { FinishedAt: null })
        {
            await Task.Delay(AskedAgain, Time, cancel);
            answer = await store.FindAsync(added.Answer.Id, 0);
        }

        // Who still writes to it is read again, all of it.
        if (answer is not null && WatchedFile.Look(file.Path) == file)
        {
            Move(file, answer);
        }

        return true;
    }

    private string? Mapping => options.WatchedMapping.Length == 0 ? null : options.WatchedMapping;

    /// <summary>The file's bytes, or what is wrong with it as it lies there. Null where it was changed meanwhile, or is gone.</summary>
    private static async Task<(byte[] Content, FileError? Wrong)?> ReadAsync(WatchedFile file, CancellationToken cancel)
    {
        // A pipe or a device has no length, and is not opened: that could wait for ever.
        var wrong = file.IsLink ? new FileError(0, "file", file.Name, "a file itself; links are not followed")
            : file.Bytes == 0 ? new FileError(0, "file", file.Name, "a file that is not empty")
            : file.Bytes > IngestLimits.BytesMax
                ? new FileError(0, "size", $"{file.Bytes} bytes", $"at most {IngestLimits.BytesMax} bytes; pack the file with gzip, or split it")
            : null;
        if (wrong is not null)
        {
            return ([], wrong);
        }

        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(file.Path, cancel);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        return content.Length != file.Bytes || WatchedFile.Look(file.Path) != file ? null
            : (content, WatchedFile.IsCutOff(content)
                ? new FileError(
                    0, "file", file.Name, "a file whose last line has a line end; without one it may be cut off. Add it, and put the file here again")
                : null);
    }

    /// <summary>Null where there is no such gateway yet: the files wait.</summary>
    private async Task<int?> GatewayAsync()
    {
        if (options.WatchedGateway == "*")
        {
            return 0;
        }

        var number = await directory.FindGatewayAsync(options.WatchedGateway);
        if (number is null && !_saidNoGateway)
        {
            _saidNoGateway = true;
            NoGateway(logger, options.Watched, options.WatchedGateway);
        }

        return number;
    }

    private ClaimsPrincipal Folder() => new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "folder"), new(ClaimTypes.Name, options.Watched)]));

    /// <summary>The report first: a file that is not moved is taken again.</summary>
    private void Move(WatchedFile file, MeterFileAnswer answer)
    {
        var outcome = answer is { Status: "done", Result.Refused: 0 } ? "done" : "failed";
        var to = Path.Combine(options.Watched, outcome, $"{answer.Id}-{Short(file.Name)}");
        try
        {
            var report = Path.Combine(options.Watched, outcome, $".{answer.Id}.tmp");
            File.WriteAllText(report, JsonSerializer.Serialize(answer, ReportJson) + "\n");
            File.Move(report, $"{to}.json", overwrite: true);
            File.Move(file.Path, to);
            _stuck.Remove(file.Path);
            GridMetrics.WatchedFile(outcome);
            Moved(logger, file.Name, outcome, answer.Id);
        }
        catch (FileNotFoundException)
        {
            // Another process on the same folder has moved it.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_stuck.TryAdd(file.Path, (file, answer)))
            {
                NotMoved(logger, file.Path, to, e.Message);
            }
            else
            {
                _stuck[file.Path] = (file, answer);
            }
        }
    }

    /// <summary>The beginning of a name, by whole characters.</summary>
    private static string Short(string name)
    {
        var text = new StringBuilder();
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > NameBytesMax)
            {
                break;
            }

            text.Append(rune.ToString());
        }

        return text.ToString();
    }

    [LoggerMessage(8103, LogLevel.Warning, "The folder {Folder} could not be read now. It is looked at again.")]
    private static partial void Failed(ILogger logger, string folder, Exception cause);

    [LoggerMessage(8104, LogLevel.Warning, "Files of {Folder} wait: there is no gateway {Gateway}.")]
    private static partial void NoGateway(ILogger logger, string folder, string gateway);

    [LoggerMessage(8105, LogLevel.Information, "The file {Name} was taken out of the watched folder into {Outcome}, as {Id}.")]
    private static partial void Moved(ILogger logger, string name, string outcome, string id);

    [LoggerMessage(8106, LogLevel.Warning, "The file {Path} was read and cannot be moved to {To}: {Cause} It is tried again, and the file is not read again.")]
    private static partial void NotMoved(ILogger logger, string path, string to, string cause);
}
