using System.Text.Json;
using AccountGrid.Domain.Events;
using AccountGrid.Host.Partitions;

namespace AccountGrid.LoadTest.Years;

/// <summary>Reads what a year left of each account in the tables.</summary>
internal sealed class YearRecords(YearGrid grid, IReadOnlyList<YearPerson> people, YearVerdict verdict)
{
    public async Task<List<AccountRecord>> LoadAsync()
    {
        var events = await GroupAsync(
            "select account, position, at_ms, event::text from account_event order by account, position, sequence",
            r => new StoredEvent(r.GetInt64(1), r.GetInt64(2), StoredEvents.Read(r.GetString(3))));
        var entries = await GroupAsync("select account, position, kind, amount_nano, at_ms, day is not null from entry order by account, position, sequence",
            r => new StoredEntry(r.GetInt64(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetBoolean(5)));
        var notices =
            await GroupAsync("select account, id, kind, position, created_ms, state, body::text, confirmed_ms > 0 from outbox order by account, position", r =>
        {
            using var body = JsonDocument.Parse(r.GetString(6));
            return new StoredNotice(r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetString(5), body.RootElement.Clone(), r.GetBoolean(7));
        });
        var balances = await GroupAsync("select account, balance_nano from account_balance", r => r.GetInt64(1));
        var due = await GroupAsync("select account, account from due", r => r.GetInt32(1));
        var packs = grid.Policies.All.ToDictionary(p => p.Definition.Id, p => p.Definition);
        foreach (var person in people)
        {
            foreach (var arrival in person.Arrivals)
            {
                var installed = events[person.Number].Find(e => e.Event is MeterInstalled m && m.Meter == arrival.Meter && m.FromMs == arrival.AtMs);
                if (installed is null)
                {
                    verdict.Violations.Add($"account {person.Number}: meter {arrival.Meter} never arrived");
                    continue;
                }

                person.Receive(arrival, installed.Position);
            }

            person.Happenings.Sort((a, b) => a.Position.CompareTo(b.Position));
        }

        return [.. people.Select(p => new AccountRecord(
            p, packs[p.Pack], events.GetValueOrDefault(p.Number) ?? [], entries.GetValueOrDefault(p.Number) ?? [], notices.GetValueOrDefault(p.Number) ?? [],
            balances[p.Number][0], due.ContainsKey(p.Number)))];
    }

    private async Task<Dictionary<int, List<T>>> GroupAsync<T>(string sql, Func<Npgsql.NpgsqlDataReader, T> read)
    {
        var groups = new Dictionary<int, List<T>>();
        await using var command = grid.Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            (groups.TryGetValue(reader.GetInt32(0), out var list) ? list : groups[reader.GetInt32(0)] = []).Add(read(reader));
        }

        return groups;
    }
}
