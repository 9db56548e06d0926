using AccountGrid.Domain.State;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>Stored events that tell what meters can measure, against the states of their accounts.</summary>
internal static class AuditMeterEvents
{
    private const string Sql = """
        select account, event::text from account_event
        where partition = $1 and position < $2 and event->>'type' in ('meter-installed', 'meter-exchanged', 'meter-facts-set') order by position, sequence
        """;

    public static async Task<List<string>> DifferencesAsync(NpgsqlConnection connection, int partition, long position, IEnumerable<AccountState> accounts)
    {
        var events = (await AuditQuery.ReadAsync(connection, Sql, r => (Account: r.GetInt32(0), Event: StoredEvents.Read(r.GetString(1))), partition, position))
            .ToLookup(e => e.Account, e => e.Event);
        return [.. accounts.SelectMany(a => a.Meters.SelectMany(
            m => AuditMeterFacts.Differences(m, events[a.Number]).Select(d => $"account {a.Number}: {d}")))];
    }
}
