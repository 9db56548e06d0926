namespace AccountGrid.Host.Policies;

/// <summary>Brings versions that another silo registered, well before they decide.</summary>
internal sealed partial class PolicyRefresh(PolicyCatalog policies, TimeProvider time, ILogger<PolicyRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await policies.LoadAllAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Failed(logger, e);
            }
        }
    }

    [LoggerMessage(6001, LogLevel.Warning, "Policy packs could not be read again.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
