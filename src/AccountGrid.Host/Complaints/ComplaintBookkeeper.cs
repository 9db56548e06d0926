using AccountGrid.Host.Background;

namespace AccountGrid.Host.Complaints;

/// <summary>Ends what a process that died has left between the register of complaints and the log, and marks complaints whose clock has run out.</summary>
internal sealed partial class ComplaintBookkeeper(ComplaintStore store, ComplaintRegister register, TimeProvider time, ILogger<ComplaintBookkeeper> logger)
    : PeriodicService(TimeSpan.FromSeconds(30), time)
{
    private const int Max = 200;

    /// <summary>A command takes milliseconds; what is open for so long was left.</summary>
    private static readonly TimeSpan LeftAfter = TimeSpan.FromSeconds(30);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await EndLeftAsync(LeftAfter);
        await EscalateAsync();
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Ends what was left for so long. One that cannot be ended does not hold up the others.</summary>
    internal async Task EndLeftAsync(TimeSpan age)
    {
        foreach (var row in await store.LeftAsync(Time.GetUtcNow() - age, Max))
        {
            try
            {
                await register.EndAsync(row);
            }
            catch (Exception e)
            {
                NotEnded(logger, e, row.Id);
            }
        }
    }

    /// <summary>Marks what is late by its own local day, which is at most one ahead of the day in UTC.</summary>
    /// <returns>How many went up.</returns>
    internal async Task<int> EscalateAsync()
    {
        var up = 0;
        foreach (var row in await store.LateAsync(DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime).AddDays(1), Max))
        {
            up += await register.EscalateAsync(row) ? 1 : 0;
        }

        return up;
    }

    [LoggerMessage(6201, LogLevel.Warning, "Complaints could not be looked for; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6202, LogLevel.Warning, "Complaint {Id} could not be brought into its account's log; it is tried again.")]
    private static partial void NotEnded(ILogger logger, Exception cause, string id);
}
