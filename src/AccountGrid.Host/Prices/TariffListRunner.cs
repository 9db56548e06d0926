using AccountGrid.Host.Background;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Prices;

/// <summary>
/// Goes through lists of corrections, row by row and one list after another: first the dry run, then, once a second person has agreed, the corrections. The key
/// of a row's command is the list and the row, so that a row that was carried out when a process died is not carried out again.
/// </summary>
internal sealed partial class TariffListRunner(
    NpgsqlDataSource database, TariffListStore store, TariffCorrector corrector, TimeProvider time, ILogger<TariffListRunner> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), time)
{
    /// <summary>Rows of one step.</summary>
    private const int RowsMax = 50;

    protected override Task<bool> RunOnceAsync(CancellationToken cancel) => StepAsync(cancel);

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Does the next rows; nothing while another process does.</summary>
    /// <returns>Whether there is more to do.</returns>
    internal async Task<bool> StepAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (!await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(hashtext('tariff-lists'))"))
        {
            return false;
        }

        try
        {
            if (await store.NextAsync() is not { } list)
            {
                return false;
            }

            var rows = await store.OpenRowsAsync(list.Id, list.IsAgreed, RowsMax);
            foreach (var (number, item) in rows)
            {
                cancel.ThrowIfCancellationRequested();
                await TakeAsync(list.Id, list.IsAgreed, list.AskedBy, list.AgreedBy, number, item);
            }

            if (rows.Count == 0)
            {
                await store.EndAsync(list.Id, list.IsAgreed);
            }

            return true;
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(hashtext('tariff-lists'))");
        }
    }

    /// <summary>One row, which never spoils the others: what cannot be folded is its result.</summary>
    private async Task TakeAsync(Guid list, bool isAgreed, string askedBy, string? agreedBy, int number, TariffListItem item)
    {
        var (tariff, address, refusal) = await corrector.FindAsync(item);
        if (refusal is not null)
        {
            await store.RefusedAsync(list, number, isAgreed, refusal.Code.Text, refusal.Detail);
            return;
        }

        try
        {
            if (isAgreed)
            {
                var done = await corrector.CarryOutAsync(
                    address!, TariffCorrector.CommandOf(address!.Number, tariff!, item, askedBy, agreedBy), $"tariff-list:{list:N}:{number}");
                await (done.Accepted
                    ? store.DoneAsync(list, number, done.AmountNano, done.Position)
                    : store.RefusedAsync(list, number, isAgreed, done.Code!, done.Detail));
                return;
            }

            var tried = await corrector.TryAsync(address!, tariff!, item);
            await (tried is { Accepted: true }
                ? store.TriedAsync(list, number, tariff!.Definition.Currency, tried.AmountNano)
                : store.RefusedAsync(list, number, isAgreed, tried?.Code ?? AccountRefusals.Unknown.Text, tried?.Detail));
        }
        catch (Exception e) when (e is not OperationCanceledException && e.Message.Contains("quarantined", StringComparison.Ordinal))
        {
            RowFailed(logger, e, list, number);
            await store.RefusedAsync(list, number, isAgreed, TariffRefusals.NotFolded.Text, e.Message);
        }
    }

    [LoggerMessage(6956, LogLevel.Warning, "A list of corrections could not go on; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6957, LogLevel.Error, "Row {Row} of list {List} could not be folded; its record waits for a person.")]
    private static partial void RowFailed(ILogger logger, Exception cause, Guid list, int row);
}
