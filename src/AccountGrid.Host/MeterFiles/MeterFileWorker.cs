using AccountGrid.Host.Background;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Reads files that were sent, one at a time over the whole grid: the next one goes on from the registers that the one before it has left.
/// </summary>
internal sealed partial class MeterFileWorker(
    MeterFileStore store, MeterFileJob job, MeterFileOptions options, TimeProvider time, ILogger<MeterFileWorker> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), time)
{
    /// <summary>
    /// A file that ended so many processes, or was begun so often in vain, is given up. A run that a stop or a passing fault ended is given back and does not
    /// count.
    /// </summary>
    internal const int RunsMax = 5;

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DropPeriod = TimeSpan.FromHours(1);

    private long _droppedAt;

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        if (_droppedAt == 0 || Time.GetElapsedTime(_droppedAt) > DropPeriod)
        {
            _droppedAt = Time.GetTimestamp();
            await store.DropAsync(options.KeptDays, cancel);
        }

        if (await store.ClaimAsync(cancel) is not { } file)
        {
            return false;
        }

        if (file.Run > RunsMax)
        {
            await GiveUpAsync(file, "processes that read it ended, or lost it to others");
            return true;
        }

        try
        {
            var (status, format, result) = await ReadAsync(file, cancel);
            await store.FinishAsync(file, status, format, result);
        }
        catch (Exception e) when (cancel.IsCancellationRequested || (PassingFaults.IsOfDatabase(e) && PassingFaults.Is(e)))
        {
            await store.ReleaseAsync(file);
            throw;
        }
        catch (Exception e) when (file.Run == RunsMax && e is not OperationCanceledException)
        {
            LogFailure(e);
            await GiveUpAsync(file, $"the last time by {e.GetType().Name}, see the log of the grid");
        }

        return true;
    }

    /// <summary>Reads it for as long as this process has it.</summary>
    private async Task<(string Status, string? Format, MeterFileResult Result)> ReadAsync(ClaimedMeterFile file, CancellationToken cancel)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var work = job.RunAsync(file, lost.Token);
        try
        {
            while (await Task.WhenAny(work, Task.Delay(Renewal, Time, cancel)) != work)
            {
                if (cancel.IsCancellationRequested || !await store.RenewAsync(file, cancel))
                {
                    break;
                }
            }
        }
        finally
        {
            if (!work.IsCompleted)
            {
                await lost.CancelAsync();
            }

            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await work;
    }

    private async Task GiveUpAsync(ClaimedMeterFile file, string cause)
    {
        var why = $"It was begun {RunsMax} times in vain: {cause}. Readings of it may have been taken; it may be sent again.";
        await store.FinishAsync(file, "failed", null, MeterFileResult.Failed([new MeterFileErrorAnswer(0, "file", null, why)]));
        GivenUp(logger, file.Id, RunsMax);
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    [LoggerMessage(8101, LogLevel.Warning, "A meter-data file could not be read now. It is begun again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(8102, LogLevel.Error, "Meter-data file {Id} was begun {Runs} times in vain and is given up.")]
    private static partial void GivenUp(ILogger logger, string id, int runs);
}
