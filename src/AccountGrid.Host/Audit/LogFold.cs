using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Audit;

/// <summary>Folds one partition's log again in memory, from its first record: nothing is read from the database's states and nothing is written.</summary>
/// <param name="quarantined">Positions that were quarantined, and are passed over here too.</param>
internal sealed class LogFold(int partition, Func<int, Tariff> tariffs, Func<int, int, Policy?> policies, IReadOnlySet<long> quarantined)
{
    private readonly PartitionFold _fold = new(new PartitionState(partition, tariffs), tariffs, policies);
    private readonly Dictionary<(int Meter, int Assignment), SortedDictionary<(int Day, RegisterKind Register), DayRow>> _days = [];

    public PartitionState State => _fold.State;

    /// <summary>Folds the records of an append that come next, those before a position only.</summary>
    /// <param name="take">Gets the effects of each record.</param>
    public void Fold(LogEntry entry, long before, Action<Effects> take)
    {
        var end = Math.Min(before, entry.FirstPosition + entry.Count);
        var reader = LogRecords.IsKnown(entry.Payload.Span) ? new LogRecords.Reader(entry.Payload.Span) : default;
        for (var position = entry.FirstPosition; position < end; position++)
        {
            if (quarantined.Contains(position))
            {
                // Quarantined to the end of its append, perhaps because not even its header can be read.
                if (IsAllQuarantined(position, entry.FirstPosition + entry.Count) || !AuditLog.TryPass(ref reader))
                {
                    for (; position < end; position++)
                    {
                        _fold.Skip(position, State.NowMs);
                    }

                    return;
                }

                _fold.Skip(position, reader.ReceivedMs, reader.Command as Check);
                continue;
            }

            if (!reader.Next())
            {
                return;
            }

            var effects = new Effects();
            while (Apply(reader.Command, reader.Reading, position, reader.ReceivedMs, effects) is { } needed)
            {
                _fold.Reopen(needed, DaysFor(needed), effects);
            }

            Keep();
            take(effects);
        }
    }

    private bool IsAllQuarantined(long from, long end)
    {
        for (var position = from; position < end; position++)
        {
            if (!quarantined.Contains(position))
            {
                return false;
            }
        }

        return true;
    }

    private DaysNeeded? Apply(GridCommand? command, in Reading reading, long position, long nowMs, Effects effects) =>
        command is null ? _fold.Apply(reading, position, nowMs, effects) : _fold.Apply(command, position, nowMs, effects);

    /// <summary>Closed days are kept here as the state flush would keep them in the database.</summary>
    private void Keep()
    {
        foreach (var key in State.OpenedDays)
        {
            _days.GetValueOrDefault((key.Meter, key.Assignment))?.Remove((key.Day, key.Register));
        }

        foreach (var (key, row) in State.ClosedDays)
        {
            (_days.TryGetValue((key.Meter, key.Assignment), out var days) ? days : _days[(key.Meter, key.Assignment)] = [])[(key.Day, key.Register)] = row;
        }

        State.OpenedDays.Clear();
        State.ClosedDays.Clear();
    }

    private List<DayRow> DaysFor(DaysNeeded needed)
    {
        Keep();
        return needed.Of(_days.GetValueOrDefault((needed.Meter.Number, needed.Meter.Assignment))?.Values ?? Enumerable.Empty<DayRow>());
    }
}
