using AccountGrid.Host.Events;

namespace AccountGrid.Host.Webhooks;

/// <summary>
/// Sends events to webhooks. One process at a time holds a webhook; those of a process that died are free when their lease is up, and another one goes on from
/// what is stored.
/// </summary>
internal sealed partial class WebhookDispatcher(
    WebhookStore store, WebhookRounds rounds, EventOptions options, TimeProvider time, ILogger<WebhookDispatcher> logger) : BackgroundService
{
    /// <summary>Webhooks that a process takes at once.</summary>
    private const int ClaimMax = 16;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>Finished deliveries are taken out of the log so often.</summary>
    private static readonly TimeSpan ForgetPeriod = TimeSpan.FromHours(1);

    /// <summary>Webhooks that this release cannot send are looked for so often.</summary>
    private static readonly TimeSpan LeftPeriod = TimeSpan.FromMinutes(1);

    private readonly HashSet<Guid> _left = [];
    private DateTimeOffset _leftAt = DateTimeOffset.MinValue;

    /// <summary>Longer than a round, which ends with its slowest request.</summary>
    private readonly TimeSpan _lease = TimeSpan.FromSeconds(options.TimeoutSeconds + 10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var held = new List<Task>();
        var forgotten = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // A token of its own for each: what this process held before, and lost, it holds as little as another process would.
                held.RemoveAll(h => h.IsCompleted);
                var token = Guid.CreateVersion7();
                held.AddRange((await store.ClaimAsync(token, _lease, ClaimMax, stoppingToken)).Select(id => HoldAsync(new(id, token, _lease), stoppingToken)));
                await WarnOfLeftAsync(stoppingToken);
                if (time.GetUtcNow() - forgotten >= ForgetPeriod)
                {
                    forgotten = time.GetUtcNow();
                    await store.ForgetAsync(forgotten.UtcDateTime - TimeSpan.FromDays(options.DeliveryLogDays), stoppingToken);
                }
            }
            catch (Exception e)
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    RoundFailed(logger, e);
                }
            }

            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(held);
    }

    /// <summary>A warning for each webhook that waits for a process of a later release.</summary>
    private async Task WarnOfLeftAsync(CancellationToken cancel)
    {
        if (time.GetUtcNow() - _leftAt < LeftPeriod)
        {
            return;
        }

        _leftAt = time.GetUtcNow();
        foreach (var id in await store.LeftAsync(cancel))
        {
            if (_left.Add(id))
            {
                Left(logger, id);
            }
        }
    }

    /// <summary>Sends until the webhook is lost, paused or deleted, or the process stops. Never throws.</summary>
    private async Task HoldAsync(WebhookHold hold, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                switch (await rounds.RunAsync(hold, stoppingToken))
                {
                    case null:
                        return;
                    case false:
                        await Task.Delay(Period, time, stoppingToken);
                        break;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                RoundFailed(logger, e);
                await Task.Delay(Period * 4, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        try
        {
            await store.ReleaseAsync(hold.Id, hold.Token);
        }
        catch (Exception e)
        {
            // Its lease ends by itself.
            RoundFailed(logger, e);
        }
    }

    [LoggerMessage(7204, LogLevel.Warning, "Webhook {Id} is of a kind of event that this release does not know: a process of a later release has to send it.")]
    private static partial void Left(ILogger logger, Guid id);

    [LoggerMessage(7202, LogLevel.Warning, "A round of webhooks failed; trying again.")]
    private static partial void RoundFailed(ILogger logger, Exception cause);
}
