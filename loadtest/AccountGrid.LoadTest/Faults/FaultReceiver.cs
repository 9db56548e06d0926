using System.Text.Json;

namespace AccountGrid.LoadTest.Faults;

/// <summary>The company's endpoint for messages: keeps each message's id, and is slow or refuses now and then.</summary>
internal sealed class FaultReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FaultHistory _history;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte> _refused = new();
    private int _requests;

    private FaultReceiver(WebApplication app, FaultHistory history) => (_app, _history) = (app, history);

    public const string Secret = "whsec_ZmF1bHQgaGFybmVzcyBzZWNyZXQgb2YgMzIgYnl0ZXM=";

    public string Url => _app.Urls.First() + "/messages";

    /// <summary>One request of so many is refused with a 500, a message at most once: its sender's next tries come ever later.</summary>
    public int RefusesEvery { get; set; } = 100;

    public static async Task<FaultReceiver> StartAsync(FaultHistory history)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new FaultReceiver(app, history);
        app.MapPost("/messages", (Delegate)receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until so many different messages of an account are there.</summary>
    public async Task<bool> WaitAsync(string account, int count, TimeSpan patience)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (_history.Messages.Keys.Count(m => m.Account == account) < count)
        {
            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return true;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpContext http)
    {
        var id = http.Request.Headers["webhook-id"].ToString();
        if (Interlocked.Increment(ref _requests) % RefusesEvery == 0 && _refused.TryAdd(id, 0))
        {
            return Results.StatusCode(500);
        }

        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        if (body.RootElement.GetProperty("type").GetString() == "accountgrid.notice.low-balance")
        {
            _history.Messages.AddOrUpdate((body.RootElement.GetProperty("subject").GetString()!, id), 1, (_, n) => n + 1);
        }

        return Results.NoContent();
    }
}
