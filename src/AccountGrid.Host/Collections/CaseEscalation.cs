using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Collections;

/// <summary>A case that nobody closed by its day goes one step up: it is marked, so that lists and reports show it first.</summary>
internal sealed partial class CaseEscalation(NpgsqlDataSource database, TimeProvider time, ILogger<CaseEscalation> logger)
    : PeriodicService(TimeSpan.FromMinutes(10), time)
{
    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await EscalateAsync();
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    internal async Task<int> EscalateAsync()
    {
        await using var command = database.CreateCommand("update work_case set state = 'escalated' where state = 'open' and due_day < $1");
        Statements.Add(command, DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime));
        return await command.ExecuteNonQueryAsync();
    }

    [LoggerMessage(6002, LogLevel.Warning, "Cases could not be escalated.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
