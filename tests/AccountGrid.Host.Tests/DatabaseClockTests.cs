using AccountGrid.Host.Database;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>A process whose wall clock is wrong, or jumps, goes by the database's all the same.</summary>
public sealed class DatabaseClockTests(GridFixture grid)
{
    [Fact]
    public async Task A_wrong_and_a_jumping_wall_clock_change_nothing()
    {
        var wall = new ShiftedTime();
        wall.Shift(TimeSpan.FromHours(2));
        var clock = await DatabaseClock.StartAsync(wall, grid.Database.ConnectionString);
        await AssertNearAsync(clock);
        wall.Shift(TimeSpan.FromDays(-30));
        await AssertNearAsync(clock);
        await clock.AskAsync(grid.Database, default);
        await AssertNearAsync(clock);
        var before = clock.GetUtcNow();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(20));
    }

    private async Task AssertNearAsync(DatabaseClock clock)
    {
        await using var ask = grid.Database.CreateCommand("select clock_timestamp()");
        var database = new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync())!, TimeSpan.Zero);
        Assert.InRange(clock.GetUtcNow() - database, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(5));
    }
}
