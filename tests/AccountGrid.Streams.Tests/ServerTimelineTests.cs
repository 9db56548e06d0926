using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Streams.Tests;

/// <summary>Which servers a data source takes connections to, once another one has been promoted.</summary>
public sealed class ServerTimelineTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_later_timeline_gives_up_the_pool_and_an_earlier_one_is_refused_from_then_on()
    {
        var timeline = new ServerTimeline();
        var changes = new List<int>();
        timeline.Changed += changes.Add;
        Assert.Equal(0, timeline.Latest);
        await using var source = timeline.Build(new NpgsqlDataSourceBuilder(await postgres.Server.CreateDatabaseAsync()));
        var first = await BackendAsync(source);
        Assert.Equal((1, first), (timeline.Latest, await BackendAsync(source)));
        timeline.See(1, "here");
        Assert.Equal(first, await BackendAsync(source));
        Assert.Empty(changes);

        // Another server was promoted: what was pooled is not handed out again, and this one, which does not know it, is left alone.
        timeline.See(2, "elsewhere");
        Assert.Equal(2, timeline.Latest);
        Assert.Equal([2], changes);
        var refused = await Assert.ThrowsAsync<NpgsqlException>(() => BackendAsync(source));
        Assert.Contains("was replaced", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.IsTransient, "Npgsql passes a server over for a while where the error passes.");
        Assert.Equal(2, timeline.Latest);
    }

    private static async Task<int> BackendAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select pg_backend_pid()");
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
