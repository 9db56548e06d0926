using System.Globalization;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
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

    [Theory]
    [InlineData("Host=db1,db2;Database=grid", "primary", 5)]
    [InlineData("Host=db1,db2;Database=grid;Timeout=7;Target Session Attributes=read-write", "read-write", 7)]
    [InlineData("Host=db1;Database=grid", null, 15)]
    public void Of_several_servers_the_primary_is_asked_for(string text, string? asked, int seconds)
    {
        var safe = new NpgsqlConnectionStringBuilder(PostgresDatabase.Safe(text));
        Assert.Equal((asked, seconds), (safe.TargetSessionAttributes, safe.Timeout));
        Assert.Equal(safe.ConnectionString, PostgresDatabase.Safe(safe.ConnectionString));
    }

    [Theory]
    [InlineData("any")]
    [InlineData("standby")]
    [InlineData("prefer-primary")]
    [InlineData("prefer-standby")]
    [InlineData("read-only")]
    public void A_connection_string_that_may_lead_to_a_standby_is_refused(string asked)
    {
        var refused = Assert.Throws<StartException>(() => DatabaseWait.Read($"Host=db1,db2;Target Session Attributes={asked}", "Log__Servers__0"));
        Assert.StartsWith($"Log__Servers__0: Target Session Attributes '{asked}' may lead to a standby", refused.Message, StringComparison.Ordinal);
        DatabaseWait.Read("Host=db1;Target Session Attributes=any", "Log__Servers__0");
        DatabaseWait.Read("Host=db1,db2;Target Session Attributes=Primary", "Log__Servers__0");
    }

    [Theory]
    [InlineData("Host=db1:5433, db2,[::1]:6000,fe80::1;Port=5431;Username=u", "db1:5433 db2:5431 [::1]:6000 fe80::1:5431")]
    [InlineData("Host=db1", "db1:5432")]
    public void Each_of_several_servers_has_a_string_of_its_own(string text, string expected)
    {
        var each = SeveralServers.Each(PostgresDatabase.Safe(text), 2).Select(c => new NpgsqlConnectionStringBuilder(c)).ToList();
        Assert.Equal(expected, string.Join(' ', each.Select(c => $"{c.Host}:{c.Port}")));
        Assert.All(each, c => Assert.Equal((false, null, 2, 2), (c.Pooling, c.TargetSessionAttributes, c.Timeout, c.CommandTimeout)));
    }

    [Theory]
    [InlineData("a:1 b:0 c:2", "c:2")]
    [InlineData("a:0 b:3", "b:3")]
    [InlineData("a:0 b:0", null)]
    public void Of_two_that_take_themselves_for_the_primary_the_one_on_the_later_timeline_is(string answers, string? expected)
    {
        var primary = PrimaryWatch.PrimaryOf(answers.Split(' ').Select(a => a.Split(':')).Select(a => (a[0], int.Parse(a[1], CultureInfo.InvariantCulture))));
        Assert.Equal(expected, primary is { } found ? $"{found.Server}:{found.Timeline}" : null);
    }
}
