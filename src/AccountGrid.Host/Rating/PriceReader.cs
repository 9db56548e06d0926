using AccountGrid.Host.Background;

namespace AccountGrid.Host.Rating;

/// <summary>Reads what other processes published, so that partitions can name it in their logs where its publisher did not come to it.</summary>
internal sealed partial class PriceReader(PriceCatalog prices, TimeProvider time, ILogger<PriceReader> logger)
    : PeriodicService(TimeSpan.FromSeconds(10), time)
{
    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await prices.LoadAsync(cancel);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    [LoggerMessage(6959, LogLevel.Warning, "Prices of series could not be read; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
