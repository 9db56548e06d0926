using AccountGrid.Domain.Rating;
using AccountGrid.Host.Background;
using AccountGrid.Host.Rating;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Prices;

/// <summary>
/// Tells customers of prices: page by page all accounts for each version that is announced, then whoever comes to its product; and, where a version is
/// withdrawn, those who were told. One process at a time; a page that was not finished is gone through again.
/// </summary>
internal sealed partial class PriceNotifier(
    NpgsqlDataSource database, PriceNoticeStore store, PriceNoticeSender sender, TariffCatalog tariffs, TimeProvider time, ILogger<PriceNotifier> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), time)
{
    /// <summary>Accounts of one page.</summary>
    private const int PageSize = 200;

    /// <summary>Least time of a page: a hundred accounts a second, so that a million are told in three hours, and readings are not held up.</summary>
    private static readonly TimeSpan PageTime = TimeSpan.FromSeconds(2);

    /// <summary>Messages of prices that may wait for their channels before the next page: what waits is compared with its account when it leaves.</summary>
    private const int QueuedMax = 2_000;

    /// <summary>Events of one partition that are looked at in a step.</summary>
    private const int EventsMax = 50;

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        var began = Time.GetTimestamp();
        var isMore = await StepAsync(cancel);
        if (isMore && Time.GetElapsedTime(began) is var took && took < PageTime)
        {
            await Task.Delay(PageTime - took, Time, cancel);
        }

        return isMore;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Does the next step; nothing while another process does.</summary>
    /// <returns>Whether there is more to do.</returns>
    internal async Task<bool> StepAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (!await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(hashtext('price-notices'))"))
        {
            return false;
        }

        try
        {
            await tariffs.LoadAllAsync(cancel);
            var nowMs = Time.GetUtcNow().ToUnixTimeMilliseconds();
            var versions = tariffs.All.Where(t => !InternalTariffs.Is(t.Definition.Id)).SelectMany(t => t.Product.Versions.Where(v => v.Tariff == t)).ToList();
            var announced = versions.Where(v => IsAnnounced(v, nowMs)).OrderBy(v => v.FromDay).Select(v => v.Tariff).ToList();
            await store.BeginAsync([.. announced.Select(t => t.Number)]);
            return await ListAsync(announced, cancel) || await JoinAsync(announced, cancel)
                || await TakeBackAsync([.. versions.Where(v => v.WithdrawnMs <= nowMs)], announced, cancel);
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(hashtext('price-notices'))");
        }
    }

    /// <summary>Whether customers are told of a version now: it counts in the log, has not begun, and another is in force before it.</summary>
    internal static bool IsAnnounced(in ProductVersion version, long nowMs) => version.FromDay != int.MinValue && version.KnownMs <= nowMs
        && version.WithdrawnMs is null && version.Tariff.Calendar.DayOf(nowMs) < version.FromDay
        && version.Tariff.Product.VersionOn(version.FromDay - 1) is not null;

    private async Task<bool> ListAsync(List<Tariff> announced, CancellationToken cancel)
    {
        if (await store.NextListAsync([.. announced.Select(t => t.Number)]) is not [var (number, after)])
        {
            return false;
        }

        if (await store.QueuedAsync(QueuedMax) >= QueuedMax)
        {
            return false;
        }

        var version = announced.Find(t => t.Number == number)!;
        var page = await store.AccountsAsync(after, PageSize);
        var rows = await sender.TellAsync(version, page, cancel);
        var isListed = page.Count < PageSize;
        await store.SavePageAsync(number, rows, after, page.Count > 0 ? page[^1].Number : after, isListed);
        WarnOfLate(version, rows);
        if (isListed)
        {
            Listed(logger, version.Definition.Id, version.Definition.Version);
        }

        return true;
    }

    private async Task<bool> JoinAsync(List<Tariff> announced, CancellationToken cancel)
    {
        if (announced.Count == 0)
        {
            return false;
        }

        var (accounts, last) = await store.JoinedAsync(EventsMax);
        foreach (var page in accounts.Chunk(PageSize))
        {
            foreach (var version in announced)
            {
                var rows = await sender.TellAsync(version, page, cancel);

                // Who comes after the announcement has chosen the price with its day: nothing is late.
                await store.SaveAsync(version.Number, rows.ConvertAll(r => r with { IsLate = false }));
            }
        }

        await store.MoveCursorsAsync(last);
        return last.Count > 0;
    }

    /// <summary>The next customers to whom it is said that a price does not come.</summary>
    private async Task<bool> TakeBackAsync(List<ProductVersion> withdrawn, List<Tariff> announced, CancellationToken cancel)
    {
        foreach (var version in withdrawn)
        {
            await store.SeeWithdrawalAsync(
                version.Tariff.Number, [.. announced.Where(t => t.Product == version.Tariff.Product).Select(t => t.Number)]);
        }

        var isMore = false;
        foreach (var tariff in await store.GivenAsync([.. withdrawn.Select(v => v.Tariff.Number)]))
        {
            foreach (var partition in await store.PartitionsAsync())
            {
                cancel.ThrowIfCancellationRequested();
                isMore |= await TakeBackAsync(tariff, partition, cancel);
            }
        }

        return isMore;
    }

    /// <summary>Messages that wait may still leave, or are withdrawn when they are compared: they are looked at again in the next round.</summary>
    private async Task<bool> TakeBackAsync(int tariff, int partition, CancellationToken cancel)
    {
        var done = 0;
        for (var after = 0; ;)
        {
            var page = await store.ToldAsync(partition, tariff, after, PageSize);
            var rows = await sender.TakeBackAsync(tariff, [.. page.Where(p => HasLeft(p.Message, p.MayHaveLeft)).Select(p => p.Account)]);
            rows.AddRange(page.Where(p => p.Message is "withdrawn" or "parked" && !HasLeft(p.Message, p.MayHaveLeft))
                .Select(p => new PriceNoticeRow(partition, p.Account.Number, "not-left")));
            await store.SaveAsync(tariff, rows);
            done += rows.Count;
            if (page.Count < PageSize)
            {
                return done > 0;
            }

            after = page[^1].Account.Number;
            await Task.Delay(PageTime, Time, cancel);
        }
    }

    /// <summary>A message that was withdrawn after a try may be with the customer: its mark can be lost, and the word comes rather twice than never.</summary>
    private static bool HasLeft(string? message, bool mayHaveLeft) => message is "sent" or "delivered" || (message is "withdrawn" && mayHaveLeft);

    private void WarnOfLate(Tariff version, List<PriceNoticeRow> rows)
    {
        if (rows.Count(r => r.IsLate) is > 0 and var late)
        {
            Late(logger, version.Definition.Id, version.Definition.Version, late);
        }
    }

    [LoggerMessage(6952, LogLevel.Warning, "Customers could not be told of prices; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6953, LogLevel.Information, "All accounts were gone through for version {Version} of product {Product}.")]
    private static partial void Listed(ILogger logger, string product, int version);

    [LoggerMessage(6954, LogLevel.Warning,
        "Version {Version} of product {Product}: messages to {Count} accounts leave later than their policy packs ask for.")]
    private static partial void Late(ILogger logger, string product, int version, int count);
}
