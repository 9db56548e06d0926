using AccountGrid.Domain.Events;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>Reads the ratios of meters from stored events.</summary>
internal sealed class MeterRatioReader(NpgsqlDataSource database)
{
    public async Task<MeterRatioHistory> OfAccountAsync(int partition, int account)
    {
        const string Sql = """
            select event::text from account_event
            where partition = $1 and account = $2 and event->>'type' in ('meter-installed', 'meter-exchanged', 'meter-facts-set') order by position, sequence
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, partition, account);
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<AccountEvent>();
        while (await reader.ReadAsync())
        {
            events.Add(StoredEvents.Read(reader.GetString(0)));
        }

        return new MeterRatioHistory(events);
    }
}
