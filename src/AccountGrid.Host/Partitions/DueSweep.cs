using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Faults;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>Appends checks for accounts that are due, and names prices that were published.</summary>
/// <param name="prices"><inheritdoc cref="FoldCatalogs" path="/param[@name='Prices']"/></param>
internal sealed class DueSweep(PartitionHold hold, IPartitionLog log, RecordQuarantine quarantine, Func<int, UsePrices?>? prices, TimeProvider time)
{
    /// <summary>Accounts in one check record: a few kilobytes, folded in well under a millisecond each.</summary>
    private const int CheckAccountsMax = 500;

    /// <summary>Check records of one sweep: the rest waits for the next, so that closing days leaves room for readings.</summary>
    private const int CheckRecordsMax = 10;

    private long _checkedThrough;
    private long _namedThrough;

    /// <summary>The checks of the last time are folded first, so that none is checked twice for one cause.</summary>
    public async Task RunAsync(PartitionState state)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await NamePricesAsync(state, now);
        if (hold.IsLost || state.NextDueMs > now || state.Position < _checkedThrough || Sabotage.SkipDue)
        {
            return;
        }

        // Where a record was ever quarantined, each account has a check of its own: one that cannot be checked then spoils no other's.
        var perRecord = quarantine.IsEmpty ? CheckAccountsMax : 1;
        var accounts = state.Due(now, quarantine.IsEmpty ? CheckAccountsMax * CheckRecordsMax : CheckAccountsMax);
        if (accounts.Count == 0)
        {
            state.FindNextDue();
            return;
        }

        var appends = accounts.Chunk(perRecord).Select(some => new LogAppend(state.Partition, 1, LogRecords.Encode(now, new Check(now, some)))).ToArray();
        var results = await log.AppendAsync(appends);
        _checkedThrough = results[^1].FirstPosition + 1;
    }

    /// <summary>Whoever publishes prices names them in all logs; what it did not come to is made up for here.</summary>
    private async Task NamePricesAsync(PartitionState state, long now)
    {
        if (!hold.IsLost && state.Position >= _namedThrough && prices?.Invoke(state.Prices.Through) is { } published)
        {
            _namedThrough = (await log.AppendAsync([new LogAppend(state.Partition, 1, LogRecords.Encode(now, published))]))[0].FirstPosition + 1;
        }
    }
}
