using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Events;

/// <summary>
/// Reads events and entries behind a cursor, straight from their rows. A partition's effects flush writes its rows together with the position that it stands
/// at, one flush after the other, so below the position that a statement sees nothing is added later: a reader may move behind it. There is no number over all
/// partitions; one that is given when a row is inserted would be seen in another order than rows are committed, and readers would pass rows over.
/// </summary>
/// <remarks>Who asks for all kinds is not led past one that only a later release knows: its process, or this one's next, goes on from there.</remarks>
internal sealed partial class EventFeed(NpgsqlDataSource database, EventMarks marks, ILogger<EventFeed> logger)
{
    /// <summary>Rows that a page looks at, over all partitions, at most about: a rare kind makes empty pages with a cursor instead of a long wait.</summary>
    private const int LookedMax = 4_000;

    private const int LookedMin = 16;

    private static readonly JsonSerializerOptions EntryJson = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>
    /// The next events: in order within a partition, and by time between partitions as far as that is known.
    /// </summary>
    /// <exception cref="EventExpiredException">What is behind the cursor is not kept for reading any more, or the cursor is ahead of the grid.</exception>
    public async Task<EventPage> ReadAsync(EventCursor from, EventFilter filter, int limit, CancellationToken cancel)
    {
        var partitions = filter.Account is { } account ? [account.Partition] : Enumerable.Range(0, from.Partitions).ToArray();
        var floor = await marks.FloorAsync(cancel);
        if (Array.Exists(partitions, p => from[p].Position < floor[p].Position))
        {
            throw new EventExpiredException(new(EventRefusals.CursorExpired, "after: it is older than the list of events is kept (Events__RetentionDays)."));
        }

        var looked = Math.Max(LookedMin, (Math.Max(LookedMax, limit * 2) / partitions.Length) + 1);
        var heads = await LookAsync(from, filter, partitions, looked, cancel);
        var events = Merge(heads, limit);
        return new(events, from.With(heads.Select(h => h.Next)), heads.Exists(h => h.HasMore));
    }

    /// <summary>Events by their places. Null is one that is there and that this release does not make public; what is not there is not in it.</summary>
    public async Task<Dictionary<EventPlace, StoredEvent?>> FindAsync(IReadOnlyCollection<EventPlace> places, CancellationToken cancel)
    {
        const string Sql = """
            select u.partition, e.position, e.sequence, e.account, e.at_ms, e.event->>'type', e.event::text
            from unnest($1, $2, $3) as u(partition, position, sequence)
            join account_event e on e.partition = u.partition and e.position = u.position and e.sequence = u.sequence
            union all
            select u.partition, e.position, e.sequence, e.account, e.at_ms, 'entry', to_jsonb(e)::text
            from unnest($1, $2, $3) as u(partition, position, sequence)
            join entry e on e.partition = u.partition and e.position = u.position and e.sequence = u.sequence
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, places.Select(p => p.Partition).ToArray(), places.Select(p => p.Position).ToArray(), places.Select(p => p.Sequence).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new Dictionary<EventPlace, StoredEvent?>();
        while (await reader.ReadAsync(cancel))
        {
            var place = new EventPlace(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt32(2));
            var stored = reader.GetString(5);
            found[place] = EventCatalog.IsKnown(stored)
                ? Read(EventFilter.All, place, reader.GetInt32(3), reader.GetInt64(4), stored, reader.GetString(6))
                : null;
        }

        return found;
    }

    /// <summary>One statement, so one moment of the database: each partition's end and its next rows go together.</summary>
    private async Task<List<PartitionHead>> LookAsync(EventCursor from, EventFilter filter, int[] partitions, int looked, CancellationToken cancel)
    {
        var stored = filter.Stored;
        await using var command = database.CreateCommand(Sql(stored.Contains(EventCatalog.Entry), filter.Account is not null));
        Statements.Add(
            command, partitions, partitions.Select(p => from[p].Position).ToArray(), partitions.Select(p => from[p].Sequence).ToArray(), stored, looked,
            filter.Account?.Number ?? 0);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var heads = new Dictionary<int, PartitionHead>();
        while (await reader.ReadAsync(cancel))
        {
            var partition = reader.GetInt32(0);
            if (!heads.TryGetValue(partition, out var head))
            {
                heads[partition] = head = new(partition, reader.GetInt64(1), looked);
                if (from[partition].Position > head.UpTo)
                {
                    throw new EventExpiredException(new(EventRefusals.CursorAhead,
                        $"after: it stands at position {from[partition].Position} of partition {partition}, which stands at {head.UpTo}."));
                }
            }

            if (!await reader.IsDBNullAsync(2, cancel))
            {
                var place = new EventPlace(partition, reader.GetInt64(2), reader.GetInt32(3));
                var type = reader.GetString(6);
                if (filter.IsAll && !EventCatalog.IsKnown(type))
                {
                    UnknownMet(logger, place.ToString(), type);
                    head.StopAt(place);
                }

                head.Add(place, await reader.IsDBNullAsync(7, cancel)
                    ? null
                    : Read(filter, place, reader.GetInt32(4), reader.GetInt64(5), type, reader.GetString(7)));
            }
        }

        return [.. heads.Values.OrderBy(h => h.Partition)];
    }

    private static string Sql(bool hasEntries, bool isOfAccount)
    {
        var account = isOfAccount ? "and e.account = $6" : "and $6::int is not null";
        var entries = hasEntries
            ? $"""
              union all
              (select e.position, e.sequence, e.account, e.at_ms, 'entry', to_jsonb(e)::text from entry e
               where p.effects_position > c.position and e.partition = c.partition and (e.position, e.sequence) >= (c.position, c.sequence)
                 and e.position < p.effects_position {account}
               order by e.position, e.sequence limit $5)
              """
            : "";
        return $"""
            select c.partition, p.effects_position, r.* from unnest($1, $2, $3) as c(partition, position, sequence)
            join partition p on p.partition = c.partition
            left join lateral (
              select * from (
                (select e.position, e.sequence, e.account, e.at_ms, e.event->>'type', case when e.event->>'type' = any($4) then e.event::text end
                 from account_event e
                 where p.effects_position > c.position and e.partition = c.partition and (e.position, e.sequence) >= (c.position, c.sequence)
                   and e.position < p.effects_position {account}
                 order by e.position, e.sequence limit $5)
                {entries}) as found (position, sequence, account, at_ms, stored, body)
              order by position, sequence limit $5) r on true
            order by c.partition, r.position, r.sequence
            """;
    }

    private static StoredEvent? Read(EventFilter filter, EventPlace place, int account, long atMs, string stored, string body)
    {
        object happened = stored == EventCatalog.Entry
            ? JsonSerializer.Deserialize<EntryBooked>(body, EntryJson)!.WithoutZeros()
            : StoredEvents.Read(body);
        return filter.KindOf(stored, happened) is { } kind ? new(place, account, atMs, kind, happened) : null;
    }

    /// <summary>Takes up to so many events, each time the earliest of the partitions' next ones.</summary>
    private static List<StoredEvent> Merge(List<PartitionHead> heads, int limit)
    {
        var events = new List<StoredEvent>();
        var queue = new PriorityQueue<PartitionHead, (long, int)>(heads.Where(h => h.Peek is not null).Select(h => (h, (h.Peek!.AtMs, h.Partition))));
        while (events.Count < limit && queue.TryDequeue(out var head, out _))
        {
            events.Add(head.Take());
            if (head.Peek is { } next)
            {
                queue.Enqueue(head, (next.AtMs, head.Partition));
            }
        }

        return events;
    }

    [LoggerMessage(7102, LogLevel.Warning, "Event {Place} is of type {Type}, which this release does not know. Lists of all events stop before it here.")]
    private static partial void UnknownMet(ILogger logger, string place, string type);
}
