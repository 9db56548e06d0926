using Dapper;
using Npgsql;

namespace AccountGrid.Host.Payments;

/// <summary>Agents and the channels that they sell for. An agent stays with its channel.</summary>
internal sealed class AgentStore(NpgsqlDataSource database)
{
    /// <summary>The channel of an agent; null where there is no such agent.</summary>
    public async Task<string?> ChannelOfAsync(string agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<string>("select channel from agent where id = @agent", new { agent });
    }

    /// <summary>Writes an agent; false where it was there.</summary>
    public async Task<bool> AddAsync(string agent, string channel, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync("insert into agent (id, channel, created_by) values (@agent, @channel, @by) on conflict do nothing",
            new { agent, channel, by }) == 1;
    }

    /// <summary>Agents by id, of one channel or of all.</summary>
    public async Task<List<(string Id, string Channel)>> ListAsync(string? channel, string? after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(string, string)>(
            """
            select id, channel from agent where (@channel::text is null or channel = @channel) and (@after::text is null or id > @after) order by id limit @take
            """,
            new { channel, after, take })).AsList();
    }
}
