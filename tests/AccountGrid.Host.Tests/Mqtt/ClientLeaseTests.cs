using AccountGrid.Host.Mqtt;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>Who holds a client id, when its holder says nothing more.</summary>
public sealed class ClientLeaseTests
{
    [Fact]
    public async Task A_holder_that_is_frozen_loses_the_client_id_and_its_pool_gets_a_plain_session_back()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { MaxPoolSize = 1, NoResetOnClose = true };
        await using var frozenPool = NpgsqlDataSource.Create(database.ConnectionString);
        await using var otherPool = NpgsqlDataSource.Create(database.ConnectionString);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var held = new TaskCompletionSource();
        var frozen = new ClientLease(frozenPool, "c", new FrozenTime()).HoldAsync(WorkAsync(held), () => { }, stop.Token);
        await held.Task;

        // As of a machine that lost its power: the session is open, and nothing comes from it.
        var taken = new TaskCompletionSource();
        var stoodBy = false;
        var other = new ClientLease(otherPool, "c", TimeProvider.System).HoldAsync(WorkAsync(taken), () => stoodBy = true, stop.Token);
        await Eventually.GetAsync(() => Task.FromResult(taken.Task.IsCompleted), t => t, "The other takes over");
        Assert.True(stoodBy);

        await stop.CancelAsync();
        await Task.WhenAll(frozen, other).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await using var after = otherPool.CreateCommand(
            "select current_setting('idle_session_timeout') || ' ' || (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())");
        Assert.Equal("0 0", await after.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private static Func<CancellationToken, Task> WorkAsync(TaskCompletionSource begun) => async cancel =>
    {
        begun.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
    };

    /// <summary>Nothing comes to pass.</summary>
    private sealed class FrozenTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
