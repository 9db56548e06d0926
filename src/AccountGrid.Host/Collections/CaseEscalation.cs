using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Collections;

/// <summary>A case that nobody closed by its day goes one step up: it is marked, so that lists and reports show it first.</summary>
internal sealed partial class CaseEscalation(NpgsqlDataSource database, TimeProvider time, ILogger<CaseEscalation> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await EscalateAsync();
            }
            catch (Exception e)
            {
                Failed(logger, e);
            }

            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal async Task<int> EscalateAsync()
    {
        await using var command = database.CreateCommand("update work_case set state = 'escalated' where state = 'open' and due_day < $1");
        Statements.Add(command, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        return await command.ExecuteNonQueryAsync();
    }

    [LoggerMessage(6002, LogLevel.Warning, "Cases could not be escalated.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
