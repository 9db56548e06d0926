using System.Text.Json;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Notices;

/// <summary>
/// Posts every message to the company's own endpoint: Standard Webhooks 1.0.0 (<c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c> with
/// HMAC-SHA256) around a CloudEvent. 2xx is sent; a body <c>{"delivered":true}</c> proves delivery; 410 and 4xx but 408 and 429 are refusals, redirects too.
/// </summary>
internal sealed class WebhookChannel(NoticeOptions options, TimeProvider time) : IMessageChannel, IDisposable
{
    private readonly HttpClient _http = GuardedHttp.Client(options.Webhook.AllowPrivate, options.Webhook.TimeoutSeconds);

    public string Name => "webhook";

    public TimeSpan Timeout => TimeSpan.FromSeconds(options.Webhook.TimeoutSeconds);

    public bool IsOn => options.Webhook.Url.Length > 0;

    public async Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                specversion = "1.0",
                id = message.Id,
                source = "/accountgrid",
                type = $"accountgrid.notice.{message.Kind}",
                subject = message.Account,
                time = message.At,
                datacontenttype = "application/json",
                data = new { language = message.Language, subject = message.Subject, text = message.Text, facts = message.Body },
            },
            ChannelJson.Options);
        var now = time.GetUtcNow();
        using var request = WebhookSignature.Request(options.Webhook, message.Id, now, body);
        return await GuardedHttp.SendAsync(_http, request, now, cancel);
    }

    public void Dispose() => _http.Dispose();
}
