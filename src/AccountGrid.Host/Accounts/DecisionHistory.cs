using AccountGrid.Domain.Events;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Accounts;

/// <summary>Decisions about readings, from the events of their accounts.</summary>
internal sealed class DecisionHistory(NpgsqlDataSource database)
{
    private const string Sql = """
        select at_ms, event::text from account_event where partition = $1 and account = $2 and event->>'type' = 'reading-decided'
          and ($3::int = 0 or ((event->>'meter')::int = $3 and (event->>'atMs')::bigint = $4))
        order by position desc limit $5
        """;

    /// <summary>Decisions that an answer shows at most, the latest.</summary>
    private const int ShownMax = 1_000;

    /// <summary>The latest decision about a reading; null is none.</summary>
    public async Task<DecisionRecord?> LastAsync(AccountAddress account, int meter, long atMs) => (await ReadAsync(account, meter, atMs, 1)).FirstOrDefault();

    /// <summary>The latest decisions about readings of an account, newest first.</summary>
    public Task<List<DecisionRecord>> OfAccountAsync(AccountAddress account) => ReadAsync(account, 0, 0, ShownMax);

    private async Task<List<DecisionRecord>> ReadAsync(AccountAddress account, int meter, long atMs, int limit)
    {
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, account.Partition, account.Number, meter, atMs, limit);
        await using var reader = await command.ExecuteReaderAsync();
        var records = new List<DecisionRecord>();
        while (await reader.ReadAsync())
        {
            records.Add(new DecisionRecord(reader.GetInt64(0), (ReadingDecided)StoredEvents.Read(reader.GetString(1))));
        }

        return records;
    }
}
