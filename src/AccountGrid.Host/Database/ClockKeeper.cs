using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>Keeps the clock with the database's: oscillators drift, some milliseconds in a minute at worst.</summary>
internal sealed class ClockKeeper(DatabaseClock clock, NpgsqlDataSource database) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await clock.AskAsync(database, stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or IOException or InvalidOperationException)
            {
                // It goes on by itself.
            }
        }
    }
}
