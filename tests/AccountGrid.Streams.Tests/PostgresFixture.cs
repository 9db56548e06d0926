using AccountGrid.Testing;

namespace AccountGrid.Streams.Tests;

public sealed class PostgresFixture : IAsyncLifetime
{
    public TestPostgres Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestPostgres.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
