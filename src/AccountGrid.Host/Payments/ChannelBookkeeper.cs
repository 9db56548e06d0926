using System.Text.Json;
using AccountGrid.Host.Background;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Payments;

/// <summary>
/// Ends bookings and reversals whose process died behind their first step, so that a payment is booked whether or not its channel asks again.
/// </summary>
internal sealed partial class ChannelBookkeeper(
    ChannelPaymentStore store, ChannelBooking booking, ChannelPayments payments, PaymentChannelCatalog channels, TimeProvider time,
    ILogger<ChannelBookkeeper> logger) : PeriodicService(TimeSpan.FromSeconds(20), time)
{
    private const int Max = 200;

    /// <summary>A booking takes milliseconds; what is open for so long was left.</summary>
    private static readonly TimeSpan LeftAfter = TimeSpan.FromSeconds(30);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await EndLeftAsync(LeftAfter);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Ends what was left open for so long. One that cannot be ended does not hold up the others.</summary>
    /// <returns>How many were ended.</returns>
    internal async Task<int> EndLeftAsync(TimeSpan age)
    {
        var (left, reversals) = await store.LeftOpenAsync(age, Max);
        var ended = 0;
        foreach (var payment in left)
        {
            ended += await TryAsync($"payment {payment.Channel} {payment.Txn}", () => booking.BookAsync(payment)) ? 1 : 0;
        }

        foreach (var (channel, request, takenAt) in reversals)
        {
            var r = JsonSerializer.Deserialize<ChannelReversalRequest>(request, ApiJson.Options)!;
            ended += await TryAsync(
                $"reversal {channel} {r.ChannelTxnId}", async () => await payments.CarryOutAsync((await channels.FindAsync(channel, takenAt))!, r, takenAt))
                ? 1
                : 0;
        }

        return ended;
    }

    private async Task<bool> TryAsync(string what, Func<Task> end)
    {
        try
        {
            await end();
            return true;
        }
        catch (Exception e)
        {
            NotEnded(logger, e, what);
            return false;
        }
    }

    [LoggerMessage(6101, LogLevel.Warning, "Payments of channels that were left open could not be read.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6102, LogLevel.Warning, "The {What} could not be booked; it is tried again.")]
    private static partial void NotEnded(ILogger logger, Exception cause, string what);
}
