using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>What a connection string becomes before it is used.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("Host=db;Database=grid", 32)]
    [InlineData("Host=db;Database=grid;Maximum Pool Size=10", 10)]
    [InlineData("Host=db;Database=grid;Minimum Pool Size=4", 4)]
    [InlineData("Host=db;Database=grid;MinPoolSize=0", 0)]
    public void A_process_keeps_a_pool_of_connections_unless_it_is_told_otherwise(string text, int kept)
    {
        using var source = PostgresDatabase.Open(text);
        var safe = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        Assert.Equal((kept, 0, "grid"), (safe.MinPoolSize, safe.MaxAutoPrepare, safe.Database));
        Assert.Contains("idle_in_transaction_session_timeout", safe.Options, StringComparison.Ordinal);
    }
}
