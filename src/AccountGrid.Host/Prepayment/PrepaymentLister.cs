using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Background;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Prepayment;

/// <summary>
/// Looks once after each month who would have paid less on prepaid terms: all accounts by number, some at a time. One process looks at a time; rows and place
/// are one transaction, so that whoever goes on begins where the last ended.
/// </summary>
internal sealed partial class PrepaymentLister(
    NpgsqlDataSource database, PrepaymentEstimator estimator, PrepaymentOptions options, IGrainFactory grains, TimeProvider time,
    ILogger<PrepaymentLister> logger) : PeriodicService(TimeSpan.FromHours(1), time)
{
    /// <summary>Accounts of one transaction.</summary>
    private const int AccountsMax = 200;

    /// <summary>Day of the month, by UTC, from which the month before is looked at: its days are closed in all zones.</summary>
    private const int FromDay = 6;

    protected override Task<bool> RunOnceAsync(CancellationToken cancel) => StepAsync();

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Looks at the next accounts of the month that is over.</summary>
    /// <returns>Whether there are more.</returns>
    internal async Task<bool> StepAsync()
    {
        var today = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);
        if (today.Day < FromDay)
        {
            return false;
        }

        var month = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await connection.QuerySingleAsync<bool>("select pg_try_advisory_xact_lock(hashtext('prepayment-candidates'))", transaction: transaction))
        {
            return false;
        }

        await connection.ExecuteAsync("insert into prepayment_month (month) values (@month) on conflict do nothing", new { month }, transaction);
        var (after, isDone) = await connection.QuerySingleAsync<(int, bool)>(
            "select after_account, is_done from prepayment_month where month = @month", new { month }, transaction);
        if (isDone)
        {
            return false;
        }

        var accounts = (await connection.QueryAsync<(int Number, int Partition, string Id)>(
            "select number, partition, id from account where number > @after order by number limit @max",
            new { after, max = AccountsMax }, transaction)).ToList();
        foreach (var (number, partition, id) in accounts)
        {
            await LookAsync(connection, transaction, month, new(number, partition, id));
        }

        isDone = accounts.Count < AccountsMax;
        await connection.ExecuteAsync(
            "update prepayment_month set after_account = @after, is_done = @isDone where month = @month",
            new { month, after = isDone ? after : accounts[^1].Number, isDone }, transaction);
        await transaction.CommitAsync();
        return !isDone;
    }

    private async Task LookAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateOnly month, AccountAddress account)
    {
        var (figures, saving, _) = await grains.Partition(account.Partition).Workflow(account.Number) is { IsOpen: true, Mode: not "prepaid" }
            ? await estimator.OfAsync(
                account, options.Tariff.Length == 0 ? null : options.Tariff, Money.FromUnits(options.Level), Money.FromUnits(options.TopUp))
            : default;
        if (figures is null || saving <= 0)
        {
            await connection.ExecuteAsync("delete from prepayment_candidate where partition = @Partition and account = @Number",
                new { account.Partition, account.Number }, transaction);
            return;
        }

        await connection.ExecuteAsync(
            """
            insert into prepayment_candidate (partition, account, month, figures, saving_nano) values (@Partition, @Number, @month, @said::jsonb, @saving)
            on conflict (partition, account) do update set month = excluded.month, figures = excluded.figures, saving_nano = excluded.saving_nano
            """,
            new { account.Partition, account.Number, month, said = JsonSerializer.Serialize(figures, ApiJson.Options), saving }, transaction);
    }

    [LoggerMessage(6803, LogLevel.Warning, "The list of who would benefit from prepaid terms could not be made; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
