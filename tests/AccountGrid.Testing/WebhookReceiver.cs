using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AccountGrid.Testing;

/// <summary>A receiver of webhooks on loopback: it keeps what came and answers what the test says.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>Everything that came, in order, whatever was answered.</summary>
    public ConcurrentQueue<ReceivedWebhook> Received { get; } = new();

    /// <summary>What is answered; 204 if it does nothing. The event is in the queue already.</summary>
    public Func<ReceivedWebhook, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public string Url => _app.Urls.First() + "/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Events that were answered with 2xx, each time.</summary>
    public List<ReceivedWebhook> Taken() => [.. Received.Where(r => r.Status is >= 200 and < 300)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        var received = new ReceivedWebhook(http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), bytes,
            http.Request.Method == "POST" ? JsonDocument.Parse(bytes).RootElement.Clone() : default);
        Received.Enqueue(received);
        http.Response.StatusCode = 204;
        await Answer(received, http);
        received.Status = http.Response.StatusCode;
    }
}
