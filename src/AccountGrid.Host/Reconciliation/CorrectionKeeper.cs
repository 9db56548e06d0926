using AccountGrid.Host.Background;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Reconciliation;

/// <summary>Ends accepted corrections whose process died before it had carried them out.</summary>
internal sealed partial class CorrectionKeeper(
    ReconciliationItems items, Corrections corrections, PaymentChannelCatalog channels, TimeProvider time, ILogger<CorrectionKeeper> logger)
    : PeriodicService(TimeSpan.FromSeconds(30), time)
{
    private const int Max = 200;

    /// <summary>A correction takes milliseconds; what is open for so long was left.</summary>
    private static readonly TimeSpan LeftAfter = TimeSpan.FromSeconds(60);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await EndLeftAsync(LeftAfter);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Ends what was left for so long. One that cannot be ended does not hold up the others.</summary>
    internal async Task EndLeftAsync(TimeSpan age)
    {
        foreach (var (channel, item) in await items.LeftAsync(age, Max))
        {
            try
            {
                var definition = await ReconciliationEndpoints.FindAsync(channels, channel, item.Business_Day, Time)
                    ?? throw new Domain.InvariantBrokenException($"Channel {channel} of an accepted correction is gone.");
                if (await corrections.EndAsync(definition, item) is { } refusal)
                {
                    Refused(logger, item.Key, channel, refusal.Detail);
                }
            }
            catch (Exception e)
            {
                NotEnded(logger, e, item.Key, channel);
            }
        }
    }

    [LoggerMessage(6711, LogLevel.Warning, "Accepted corrections could not be read; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6712, LogLevel.Warning, "Correction {Key} of channel {Channel} could not be carried out; it is tried again.")]
    private static partial void NotEnded(ILogger logger, Exception cause, string key, string channel);

    [LoggerMessage(6713, LogLevel.Warning, "Correction {Key} of channel {Channel} was refused, and its difference is open again: {Detail}")]
    private static partial void Refused(ILogger logger, string key, string channel, string detail);
}
