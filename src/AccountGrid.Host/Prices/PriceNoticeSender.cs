using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Prices;

/// <summary>
/// Tells accounts of a price by commands in their logs. The key of a command is the account and the version: however often a page is gone through, and with
/// whatever figures, it is one command. What each leads to is decided by the fold.
/// </summary>
internal sealed partial class PriceNoticeSender(
    MonthRating rating, TariffCatalog tariffs, PriceNoticeStore store, IPartitionLog log, IGrainFactory grains, TimeProvider time,
    ILogger<PriceNoticeSender> logger)
{
    /// <summary>Months that a message looks back on.</summary>
    private const int Months = 12;

    /// <summary>Accounts that are rated at the same time: each reads up to a year's days.</summary>
    private const int RatedAtOnce = 4;

    /// <summary>Tells those of some accounts of a version whose price it changes.</summary>
    /// <returns>What came of it; accounts whose price it does not change are left out.</returns>
    public async Task<List<PriceNoticeRow>> TellAsync(Tariff version, IReadOnlyList<AccountAddress> accounts, CancellationToken cancel)
    {
        var views = new ConcurrentBag<(AccountAddress Address, RatingView View)>();
        await Parallel.ForEachAsync(accounts.GroupBy(a => a.Partition), cancel, async (group, _) =>
        {
            var byNumber = group.ToDictionary(a => a.Number);
            foreach (var view in await grains.Partition(group.Key).Ratings([.. byNumber.Keys], version.Number))
            {
                if (view.Replaced != 0)
                {
                    views.Add((byNumber[view.Account], view));
                }
            }
        });
        var commands = new ConcurrentBag<(AccountAddress Address, RatingView View, NotifyPrice Command)>();
        await Parallel.ForEachAsync(views, new ParallelOptions { MaxDegreeOfParallelism = RatedAtOnce, CancellationToken = cancel }, async (v, _) =>
            commands.Add((v.Address, v.View, new(v.Address.Number, version.Number, Past: await PastAsync(v.Address, v.View, version)))));
        var ordered = commands.OrderBy(c => c.Address.Number).ToList();
        var accepted = await GiveAsync([.. ordered.Select(c => (c.Address, c.Command))], NoticeKind.PriceChange);
        return ordered.ConvertAll(c => accepted.Contains(c.Address.Number)
            ? new PriceNoticeRow(
                c.Address.Partition, c.Address.Number, "given", !PriceNoticeRules.IsInTime(c.View.LeavesDay, version.FromDay, c.View.NoticeDays),
                c.Command.Past is null)
            : new PriceNoticeRow(c.Address.Partition, c.Address.Number, "refused"));
    }

    /// <summary>Tells accounts, all of which were told of a version, that it does not come.</summary>
    public async Task<List<PriceNoticeRow>> TakeBackAsync(int tariff, IReadOnlyList<AccountAddress> accounts)
    {
        var accepted = await GiveAsync([.. accounts.Select(a => (a, new NotifyPrice(a.Number, tariff, IsWithdrawal: true)))], NoticeKind.PriceWithdrawn);

        // Who is refused has closed the account meanwhile.
        return [.. accounts.Select(a => new PriceNoticeRow(a.Partition, a.Number, accepted.Contains(a.Number) ? "withdrawn" : "not-left"))];
    }

    /// <summary>What the last months would have cost before and after; null where none is known. Figures that cannot be had keep no message back.</summary>
    private async Task<PastCost?> PastAsync(AccountAddress address, RatingView view, Tariff version)
    {
        try
        {
            var (rated, _) = await rating.RateAsync(address, view, [await tariffs.FindAsync(view.Replaced), version], Months);
            return rated is null ? null : new(rated.FromDay, rated.ToDay, rated.EnergyWh, rated.CostUnder(0).ToString(), rated.CostUnder(1).ToString());
        }
        catch (Exception e) when (e is InvariantBrokenException or OverflowException or FormatException)
        {
            NotRated(logger, e, address.Id);
            return null;
        }
    }

    /// <summary>Numbers of the accounts whose command was accepted.</summary>
    private async Task<HashSet<int>> GiveAsync(IReadOnlyList<(AccountAddress Address, NotifyPrice Command)> commands, NoticeKind kind)
    {
        var accepted = new HashSet<int>();
        var open = commands.Select(c => (c.Address, c.Command, Key: $"{kind.Code()}:{c.Address.Number}:{c.Command.Tariff}")).ToList();
        while (open.Count > 0)
        {
            var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
            var results = await log.AppendAsync(
                [.. open.Select(c => new LogAppend(
                    c.Address.Partition, 1, LogRecords.Encode(nowMs, c.Command), new LogKey(c.Key, SHA256.HashData(Encoding.UTF8.GetBytes(c.Key)))))]);
            var outcomes = await OutcomesAsync(results);
            var again = new List<(AccountAddress Address, NotifyPrice Command, string Key)>();
            foreach (var (i, c) in open.Index())
            {
                if (outcomes[i] is { Accepted: true })
                {
                    accepted.Add(c.Address.Number);
                }
                else if (outcomes[i] is not null && results[i].Outcome == AppendOutcome.Existed)
                {
                    // It had left the product when it was asked before, and has come back. Each key leads to the next, so that no two processes ask apart.
                    again.Add((c.Address, c.Command, $"{c.Key}:{results[i].FirstPosition}"));
                }
            }

            open = again;
        }

        return accepted;
    }

    /// <summary>What became of each record; null where it cannot be folded: a person replays or dismisses it.</summary>
    private async Task<OutcomeView?[]> OutcomesAsync(AppendResult[] results)
    {
        var outcomes = new OutcomeView?[results.Length];
        foreach (var group in results.Select((r, i) => (Result: r, Index: i)).GroupBy(x => x.Result.Partition))
        {
            var asked = group.ToList();
            var quarantined = await store.QuarantinedAsync(group.Key, [.. asked.Select(x => x.Result.FirstPosition)]);
            asked.RemoveAll(x => quarantined.Contains(x.Result.FirstPosition));
            var found = await Commands.OutcomesAsync(grains, group.Key, [.. asked.Select(x => x.Result.FirstPosition)]);
            foreach (var (x, outcome) in asked.Zip(found))
            {
                outcomes[x.Index] = outcome;
            }
        }

        return outcomes;
    }

    [LoggerMessage(6951, LogLevel.Error, "The last months of account {Account} could not be rated; its customer is told of the price without them.")]
    private static partial void NotRated(ILogger logger, Exception cause, string account);
}
