using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Accounts;

/// <summary>
/// Everything that happened to an account, newest first: entries, events, messages, cases and who did what. Each of these has an order of its own, by key; a
/// page takes the newest of their heads until it is full, and its cursor has the place in each.
/// </summary>
internal sealed class TimelineReader(NpgsqlDataSource database)
{
    private const string Sql = """
        (select 'entry' source, at_ms, position a, sequence::bigint b, partition || '-' || position || '-' || sequence id, kind what, amount_nano nano,
           reference said, null::text person, null::text event
         from entry where partition = @partition and account = @account and @entries and (position, sequence) < (@entryA, @entryB)
         order by position desc, sequence desc limit @take)
        union all
        (select 'event', at_ms, position, sequence, partition || '-' || position || '-' || sequence, event->>'type', null, null, null, event::text
         from account_event where partition = @partition and account = @account and event->>'type' = any(@types)
           and (position, sequence) < (@eventA, @eventB)
         order by position desc, sequence desc limit @take)
        union all
        (select 'message', created_ms, created_ms, 0, id, kind, null, state || coalesce(': ' || subject, ''), null, null
         from outbox where partition = @partition and account = @account and @messages and (created_ms, id) < (@messageA, @messageId)
         order by created_ms desc, id desc limit @take)
        union all
        (select 'case', created_ms, created_ms, 0, id, kind, nullif(amount_nano, 0), subject, nullif(opened_by, ''), null
         from work_case where partition = @partition and account = @account and @cases and (created_ms, id) < (@caseA, @caseId)
         order by created_ms desc, id desc limit @take)
        union all
        (select 'audit', (extract(epoch from t.at) * 1000)::bigint, t.sequence, 0, t.sequence::text, t.method || ' ' || t.path || coalesce(' ' || o.status, ''),
           null, t.name, t.person, null
         from audit_trail t left join audit_outcome o using (account, sequence) where t.account = @id and @audit and t.sequence < @auditA
         order by t.sequence desc limit @take)
        """;

    private static readonly string[] Sources = ["entry", "event", "message", "case", "audit"];

    /// <param name="kind">One of <see cref="TimelineKinds.All"/>; null is all.</param>
    /// <param name="seesAudit">Whether the caller may see who did what.</param>
    public async Task<Page<TimelineRow>> ReadAsync(AccountAddress account, string? kind, bool seesAudit, int limit, string? cursor)
    {
        var tag = ListCursor.Tag("timeline", account.Id, kind);
        var places = ListCursor.Read(cursor, tag, Sources.Length * 3)?.Chunk(3).ToArray()
            ?? [.. Sources.Select(_ => new[] { Text(long.MaxValue), Text(int.MaxValue), "" })];
        (long A, long B, string Id) At(int source) => (ListCursor.Number(places[source][0]), ListCursor.Number(places[source][1]), places[source][2]);
        await using var connection = await database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<Row>(Sql, new
        {
            partition = account.Partition,
            account = account.Number,
            id = account.Id,
            take = limit + 1,
            types = TimelineKinds.TypesOf(kind),
            entries = kind is null or "money",
            messages = kind is null or "message",
            cases = kind is null or "case",
            audit = seesAudit && kind is (null or "audit"),
            entryA = At(0).A,
            entryB = At(0).B,
            eventA = At(1).A,
            eventB = At(1).B,
            messageA = At(2).A,
            messageId = At(2).Id,
            caseA = At(3).A,
            caseId = At(3).Id,
            auditA = At(4).A,
        })).GroupBy(r => r.Source).ToDictionary(g => g.Key, g => new Queue<Row>(g));
        var page = new List<TimelineRow>();
        while (page.Count < limit && Next(rows) is { } row)
        {
            places[Array.IndexOf(Sources, row.Source)] = [Text(row.A), Text(row.B), row.Id];
            page.Add(AnswerOf(row));
        }

        var more = rows.Values.Any(q => q.Count > 0);
        return new(page, more ? ListCursor.Of(tag, [.. places.SelectMany(p => p)]) : null, more);
    }

    /// <summary>Takes the newest head of the sources.</summary>
    private static Row? Next(Dictionary<string, Queue<Row>> rows) =>
        Sources.Where(s => rows.TryGetValue(s, out var queue) && queue.Count > 0).MaxBy(s => rows[s].Peek().At_Ms) is { } newest
            ? rows[newest].Dequeue()
            : null;

    private static TimelineRow AnswerOf(Row row)
    {
        var happened = row.Event is null ? null : StoredEvents.Read(row.Event);
        return new(
            Instants.ToInstant(row.At_Ms),
            row.Source switch { "entry" => "money", "event" => TimelineKinds.KindOf(row.What), _ => row.Source },
            row.What, row.Id, row.Nano is { } nano ? new Money(nano).ToString() : null, row.Said, happened is null ? [] : TimelineFacts.Of(happened),
            happened is null ? row.Person : TimelineFacts.PersonOf(happened));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Row(
        string Source, long At_Ms, long A, long B, string Id, string What, long? Nano, string? Said, string? Person, string? Event);
}
