using AccountGrid.Host.Background;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// Ends what a process that died has left: notices that were not given, runs that were not made, and what banks answered and is not booked yet.
/// </summary>
internal sealed partial class DebitBookkeeper(
    DebitStore store, DebitAnnouncements announcements, DebitRuns runs, DebitResultStore results, DebitResults imports, TimeProvider time,
    ILogger<DebitBookkeeper> logger) : PeriodicService(TimeSpan.FromSeconds(30), time)
{
    private const int Max = 200;

    /// <summary>A command takes milliseconds; what is open for so long was left.</summary>
    private static readonly TimeSpan LeftAfter = TimeSpan.FromSeconds(30);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await EndLeftAsync(LeftAfter);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Ends what was left for so long. What cannot be ended does not hold up the others.</summary>
    internal async Task EndLeftAsync(TimeSpan age)
    {
        var (items, open) = await store.LeftAsync(age, Max);
        foreach (var item in items)
        {
            await TryAsync($"collection {item.Id}", () => announcements.GiveAsync(item));
        }

        foreach (var run in open.Where(r => r.Created_At <= Time.GetUtcNow() - age))
        {
            await TryAsync($"run {run.Message_Id}", () => runs.EndAsync(run));
        }

        foreach (var row in await results.OpenAsync(null, age, Max))
        {
            await TryAsync($"result {row.Ordinal} of file {row.File}", () => imports.CarryOutAsync(row));
        }
    }

    private async Task TryAsync(string what, Func<Task> end)
    {
        try
        {
            await end();
        }
        catch (Exception e)
        {
            NotEnded(logger, e, what);
        }
    }

    [LoggerMessage(6501, LogLevel.Warning, "What direct debit had left open could not be read; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6502, LogLevel.Warning, "The {What} could not be ended; it is tried again.")]
    private static partial void NotEnded(ILogger logger, Exception cause, string what);
}
