using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Faults;
using AccountGrid.Host.Database;
using AccountGrid.Host.Telemetry;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>The records of a partition that cannot be folded: which they are, how the fold passes them over, and how one is added.</summary>
internal sealed class RecordQuarantine(PartitionHold hold, IPartitionStore store, IPartitionLog log, TimeProvider time, ILogger logger)
{
    private const string HoldReason = "A record of this account could not be folded and was quarantined.";

    private Dictionary<long, int> _records = [];

    public bool IsEmpty => _records.Count == 0;

    public async Task OpenAsync() => _records = await store.QuarantinedAsync(hold.Partition);

    /// <summary>Whether a record is quarantined, and how many from it on.</summary>
    public bool TryFind(long position, out int count) => _records.TryGetValue(position, out count);

    /// <summary>Adds a record, so that the next activation passes it over. Memory may be half changed: this one ends.</summary>
    public async Task<RecordQuarantinedException> AddAsync(UnfoldableRecordException found)
    {
        hold.Lose();

        // Appends are not fenced: whoever has lost the partition must not place a hold that no quarantined record explains.
        await store.PositionsAsync(hold.Lease);
        PartitionMessages.Quarantined(logger, hold.Partition, found.Position, found.Count, found.InnerException!);
        if (found.Account != 0)
        {
            // The account's money is in doubt: nothing is escalated or cut on it until a person has looked. First, so that it is not forgotten between the two.
            var place = new PlaceHold(found.Account, Domain.State.HoldKind.DataQuality, null, HoldReason);
            await log.AppendAsync([AppendOf(place, $"quarantine:{found.Position}", found.Position)]);
        }

        if (found.Check is { } check)
        {
            // One of the accounts cannot be checked, and its neighbours are not to wait for it: each gets a check of its own, and only that one's is
            // quarantined.
            await log.AppendAsync([.. check.Accounts.Select(a => AppendOf(new Check(check.AtMs, [a]), $"quarantine:{found.Position}:{a}", found.Position))]);
        }

        await store.QuarantineAsync(hold.Lease, found.Position, found.Count, Sabotage.HideQuarantine ? "" : found.InnerException!.ToString(),
            isDivided: found.Check is not null);
        GridMetrics.Quarantined(found.Count);
        return new RecordQuarantinedException(hold.Partition, found.Position, found.InnerException!);
    }

    private LogAppend AppendOf(GridCommand command, string key, long position) => new(
        hold.Partition, 1, LogRecords.Encode(time.GetUtcNow().ToUnixTimeMilliseconds(), command), new LogKey(key, BitConverter.GetBytes(position)),
        IsOfReader: true);

    /// <summary>The account that the reader's record is about; 0 where there is none, or where it is the hold that another quarantined record placed.</summary>
    public static int AccountOf(PartitionState state, in LogRecords.Reader reader) => reader.Command switch
    {
        PlaceHold { Reason: HoldReason } => 0,
        AccountCommand c => c.Account,
        Check { Accounts: [var only] } => only,
        null => state.AccountOf(reader.Reading.Meter),
        _ => 0,
    };

    /// <summary>The check that a record is which was quarantined; null for any other, and for bytes that cannot be read.</summary>
    /// <param name="payload">The append that has the record.</param>
    /// <param name="offset">Where it begins; 0 is the payload's first record.</param>
    public static Check? CheckIn(ReadOnlySpan<byte> payload, int offset)
    {
        try
        {
            var reader = new LogRecords.Reader(payload);
            reader.Offset = offset > 0 ? offset : reader.Offset;
            return reader.Next() ? reader.Command as Check : null;
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Moves a reader behind records that are passed over.</summary>
    public static void Pass(ref LogRecords.Reader reader, int count)
    {
        try
        {
            for (var i = 0; i < count && reader.Next(); i++)
            {
            }
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
        {
            // It is quarantined for just this; a command's length was read before its content, so the reader stands behind it.
        }
    }
}
