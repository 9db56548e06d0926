using System.Text;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Notices;

/// <summary>The company's webhook gets the ends of the audit trail's chains, signed.</summary>
internal sealed class WebhookHeads(NoticeOptions options, TimeProvider time) : IHeadsReceiver, IDisposable
{
    private readonly HttpClient? _http =
        options.Webhook.Url.Length > 0 ? GuardedHttp.Client(options.Webhook.AllowPrivate, options.Webhook.TimeoutSeconds) : null;

    /// <inheritdoc/>
    public bool IsConfigured => _http is not null;

    /// <inheritdoc/>
    public async Task SendAsync(string id, string body, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        using var request = WebhookSignature.Request(options.Webhook, id, now, Encoding.UTF8.GetBytes(body));
        await GuardedHttp.SendAsync(_http ?? throw new InvalidOperationException("No webhook is configured."), request, now, cancel);
    }

    public void Dispose() => _http?.Dispose();
}
