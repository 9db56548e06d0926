using AccountGrid.Host.Background;
using Npgsql;

namespace AccountGrid.Host.Customers;

/// <summary>Begins assignments on their day, and moves open cases with them.</summary>
internal sealed partial class ResponsibilityKeeper(NpgsqlDataSource database, TimeProvider time, ILogger<ResponsibilityKeeper> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), time)
{
    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await RefreshAsync();
        return false;
    }

    /// <summary>Brings everything to what is right now.</summary>
    /// <returns>How many cases have another owner.</returns>
    internal async Task<int> RefreshAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Responsibilities.LockAsync(connection, transaction);
        var moved = await Responsibilities.RefreshAsync(connection, transaction, "", "An assignment has begun.", Time.GetUtcNow());
        await transaction.CommitAsync();
        return moved;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    [LoggerMessage(6401, LogLevel.Warning, "Who is responsible today could not be worked out; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
