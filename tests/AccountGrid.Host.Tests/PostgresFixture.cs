using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>A server for the tests of one class; each takes a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public TestPostgres Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestPostgres.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
