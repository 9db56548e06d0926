namespace AccountGrid.Host.Tests.Webhooks;

/// <summary>A grid whose webhooks may go to loopback, and which tries again after a minute.</summary>
public sealed class WebhookGrid : IAsyncLifetime
{
    public GridFixture Grid { get; } = new()
    {
        More = ["--Events:AllowPrivate=true", "--Events:RetrySeconds=60", "--Events:TimeoutSeconds=2", "--Events:PauseAfterHours=24"],
    };

    public ValueTask InitializeAsync() => Grid.InitializeAsync();

    public ValueTask DisposeAsync() => Grid.DisposeAsync();
}
