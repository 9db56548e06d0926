using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using AccountGrid.Host.Events;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Webhooks;

/// <summary>
/// Posts one event: Standard Webhooks 1.0.0 around a CloudEvent. Redirects are not followed, and of an answer only the status is read: a receiver says nothing
/// that the grid would keep.
/// </summary>
internal sealed partial class WebhookSender(EventOptions options, TimeProvider time, ILogger<WebhookSender> logger) : IDisposable
{
    private readonly HttpClient _http = GuardedHttp.Client(options.AllowPrivate, options.TimeoutSeconds);

    /// <param name="secrets">One, or two while they are rotated, separated by a space.</param>
    public async Task<WebhookAttempt> SendAsync(string url, string secrets, CloudEvent e, QueuedDelivery delivery, CancellationToken cancel)
    {
        var attempt = delivery.Attempts + 1;
        var began = time.GetTimestamp();
        int Took() => (int)time.GetElapsedTime(began).TotalMilliseconds;
        try
        {
            var now = time.GetUtcNow();
            using var request = WebhookSignature.Request(new WebhookOptions { Url = url, Secret = secrets }, e.Id, now,
                JsonSerializer.SerializeToUtf8Bytes(e, ApiJson.Options));
            request.Headers.TryAddWithoutValidation("webhook-attempt", attempt.ToString(CultureInfo.InvariantCulture));
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
            return new(delivery.Place, attempt, (int)response.StatusCode, Took(), response.IsSuccessStatusCode ? null : "status", wait);
        }
        catch (Exception cause) when (!cancel.IsCancellationRequested)
        {
            // The cause can name addresses within the company, which who made the webhook need not know: they stand in the grid's own log.
            SendFailed(logger, e.Id, attempt, cause.GetType().Name, cause.Message);
            return new(delivery.Place, attempt, null, Took(), CodeOf(cause), null);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string CodeOf(Exception cause) => cause switch
    {
        OperationCanceledException => "timed-out",
        ChannelRefusedException => "address-not-allowed",
        AuthenticationException => "tls",
        SocketException => "not-reached",
        { InnerException: { } inner } => CodeOf(inner),
        _ => "not-reached",
    };

    [LoggerMessage(7201, LogLevel.Information, "Event {Id} was not taken by its webhook at attempt {Attempt}: {Kind}: {Cause}")]
    private static partial void SendFailed(ILogger logger, string id, int attempt, string kind, string cause);
}
