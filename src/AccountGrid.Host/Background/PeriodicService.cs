namespace AccountGrid.Host.Background;

/// <summary>
/// Work that is done at the start and again each period, for as long as the process runs. A round that fails is logged and tried again with the next period:
/// it never ends the service.
/// </summary>
/// <param name="period">From the end of a round to the begin of the next.</param>
internal abstract class PeriodicService(TimeSpan period, TimeProvider time) : BackgroundService
{
    protected TimeProvider Time { get; } = time;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await RunOnceAsync(stoppingToken))
                {
                    continue;
                }
            }
            catch (Exception e)
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    LogFailure(e);
                }
            }

            await Task.Delay(period, Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round.</summary>
    /// <returns>Whether there is more to do at once, without a wait.</returns>
    protected abstract Task<bool> RunOnceAsync(CancellationToken cancel);

    /// <summary>Logs why a round failed, with the service's own message.</summary>
    protected abstract void LogFailure(Exception cause);
}
