using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>Reads the records of one entry of the log and folds them, one after the other.</summary>
internal sealed class EntryFold(PartitionHold hold, PartitionFold fold, EffectsQueue effects, RecordQuarantine quarantine)
{
    /// <summary>
    /// Folds records until the entry ends or closed days are needed; the cursor then stands before the record that needs them. Throws
    /// <see cref="UnfoldableRecordException"/> for a record that cannot be folded, and the partition is lost;
    /// <see cref="LaterFormatException"/> for one that a later release has written.
    /// </summary>
    public DaysNeeded? FoldSome(LogEntry entry, ref EntryCursor cursor)
    {
        if (IsQuarantinedToItsEnd(entry, cursor, out var rest))
        {
            // Perhaps not even its header can be read.
            cursor = cursor with
            {
                Position = Skip(cursor.Position, rest, fold.State.NowMs, rest == 1 ? RecordQuarantine.CheckIn(entry.Payload.Span, cursor.Offset) : null)
            };
            return null;
        }

        var reader = default(LogRecords.Reader);
        var isRead = false;
        try
        {
            reader = new LogRecords.Reader(entry.Payload.Span);
            if (cursor.Offset > 0)
            {
                reader.Offset = cursor.Offset;
            }

            return FoldFrom(entry, ref cursor, ref reader, ref isRead);
        }
        catch (LaterFormatException)
        {
            // A build of the release that wrote it folds it: this memory ends, and nothing is passed over.
            hold.Lose();
            throw;
        }
        catch (FormatException e) when (cursor.Position >= fold.State.Position)
        {
            hold.Lose();

            // Bytes that cannot be read hide where the next record begins: the rest of this append goes with them.
            throw new UnfoldableRecordException(cursor.Position, (int)(entry.FirstPosition + entry.Count - cursor.Position), e);
        }
        catch (CatalogUnavailableException)
        {
            // The record may be half folded: this memory ends, and the next begins from what is stored.
            hold.Lose();
            throw;
        }
        catch (Exception e) when (e is not UnfoldableRecordException && cursor.Position >= fold.State.Position)
        {
            // From here on, not from when it is quarantined: no flush in between may store what is half folded.
            hold.Lose();
            var check = isRead && reader.Command is Check { Accounts.Count: > 1 } several ? several : null;
            throw new UnfoldableRecordException(cursor.Position, 1, e, isRead ? RecordQuarantine.AccountOf(fold.State, reader) : 0, check);
        }
    }

    /// <param name="isRead">Whether the reader's record is the cursor's.</param>
    private DaysNeeded? FoldFrom(LogEntry entry, ref EntryCursor cursor, ref LogRecords.Reader reader, ref bool isRead)
    {
        var position = cursor.Position;
        for (; position < entry.FirstPosition + entry.Count; position++)
        {
            cursor = new(position, reader.Offset);
            isRead = false;
            if (position >= fold.State.Position && quarantine.TryFind(position, out var count))
            {
                position = Skip(position, count, reader.ReceivedMs, RecordQuarantine.CheckIn(entry.Payload.Span, reader.Offset)) - 1;
                RecordQuarantine.Pass(ref reader, count);
                continue;
            }

            if (!reader.Next())
            {
                throw new FormatException($"The append at {entry.FirstPosition} ends at {position} but should hold {entry.Count} records.");
            }

            if (position < fold.State.Position)
            {
                continue;
            }

            isRead = true;
            var needed = reader.Command is { } command
                ? fold.Apply(command, position, reader.ReceivedMs, effects.Of(position))
                : fold.Apply(reader.Reading, position, reader.ReceivedMs, effects.Of(position));
            if (needed is not null)
            {
                return needed;
            }
        }

        cursor = cursor with { Position = position };
        effects.DropReplayed();
        return null;
    }

    private bool IsQuarantinedToItsEnd(LogEntry entry, EntryCursor cursor, out int rest)
    {
        rest = 0;
        return cursor.Position >= fold.State.Position && quarantine.TryFind(cursor.Position, out rest)
            && cursor.Position + rest == entry.FirstPosition + entry.Count;
    }

    /// <summary>Passes records over and returns the position behind them.</summary>
    /// <param name="check">What the first of them is, where it is a check.</param>
    private long Skip(long position, int count, long receivedMs, Check? check)
    {
        for (var i = 0; i < count; i++)
        {
            fold.Skip(position + i, receivedMs, i == 0 ? check : null);
        }

        return position + count;
    }
}
