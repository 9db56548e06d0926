using AccountGrid.Host.Database;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>Who is who: ids to numbers and partitions. Registering an id again finds what is there.</summary>
public sealed class GridDirectory(NpgsqlDataSource database, AccountPartitions partitions, IMemoryCache cache)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    public async Task<AccountAddress?> FindAccountAsync(string id)
    {
        if (cache.TryGetValue($"account:{id}", out AccountAddress? known))
        {
            return known;
        }

        await using var command = database.CreateCommand("select number, partition from account where id = $1");
        Statements.Add(command, id);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? Remember(new AccountAddress(reader.GetInt32(0), reader.GetInt32(1), id)) : null;
    }

    /// <summary>
    /// The address with the numbers and ids of the meters that are on the account as far as the tables know. Not remembered here: the account's grain does.
    /// </summary>
    public async Task<(AccountAddress? Address, (int Number, string Id)[] Meters)> FindAccountWithMetersAsync(string id)
    {
        await using var command =
            database.CreateCommand("select a.number, a.partition, m.number, m.id from account a left join meter m on m.account = a.number where a.id = $1");
        Statements.Add(command, id);
        await using var reader = await command.ExecuteReaderAsync();
        AccountAddress? address = null;
        var meters = new List<(int Number, string Id)>();
        while (await reader.ReadAsync())
        {
            address ??= new AccountAddress(reader.GetInt32(0), reader.GetInt32(1), id);
            if (!await reader.IsDBNullAsync(2))
            {
                meters.Add((reader.GetInt32(2), reader.GetString(3)));
            }
        }

        return (address, [.. meters]);
    }

    public async Task<AccountAddress> AllotAccountAsync(string id)
    {
        if (await FindAccountAsync(id) is { } known)
        {
            return known;
        }

        var partition = partitions.OfKey(id);
        await using (var command = database.CreateCommand("insert into account (id, partition) values ($1, $2) on conflict do nothing"))
        {
            Statements.Add(command, id, partition);
            await command.ExecuteNonQueryAsync();
        }

        return (await FindAccountAsync(id))!;
    }

    /// <summary>Addresses by id; ids that are not registered are not in it.</summary>
    public async Task<Dictionary<string, AccountAddress>> FindAccountsAsync(string[] ids)
    {
        await using var command = database.CreateCommand("select id, number, partition from account where id = any($1)");
        Statements.Add(command, [ids]);
        return await ReadAsync(command, r => new AccountAddress(r.GetInt32(1), r.GetInt32(2), r.GetString(0)));
    }

    public async Task<Dictionary<string, AccountAddress>> AllotAccountsAsync(string[] ids)
    {
        // In the order of ids, so that two registrations of the same accounts wait for each other instead of locking up.
        Array.Sort(ids, StringComparer.Ordinal);
        await using (var command = database.CreateCommand("insert into account (id, partition) select * from unnest($1, $2) on conflict do nothing"))
        {
            Statements.Add(command, ids, ids.Select(partitions.OfKey).ToArray());
            await command.ExecuteNonQueryAsync();
        }

        return await FindAccountsAsync(ids);
    }

    /// <summary>Numbers of gateways by id; ids that are not registered are not in it.</summary>
    public async Task<Dictionary<string, int>> FindGatewaysAsync(string[] ids)
    {
        await using var command = database.CreateCommand("select id, number from gateway where id = any($1)");
        Statements.Add(command, [ids]);
        return await ReadAsync(command, r => r.GetInt32(1));
    }

    /// <summary>Numbers and first partitions of meters by id; an id that cannot be told apart from another's is not in it.</summary>
    public async Task<Dictionary<string, (int Number, int Partition)>> AllotMetersAsync(List<(string Id, int Gateway, int Partition)> meters)
    {
        meters.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        await using (var command =
            database.CreateCommand("insert into meter (id, id_hash, gateway, partition) select * from unnest($1, $2, $3, $4) on conflict do nothing"))
        {
            Statements.Add(
                command, meters.Select(m => m.Id).ToArray(), meters.Select(m => unchecked((long)IdHash.Of(m.Id))).ToArray(),
                meters.Select(m => m.Gateway).ToArray(), meters.Select(m => m.Partition).ToArray());
            await command.ExecuteNonQueryAsync();
        }

        await using var find = database.CreateCommand("select id, number, partition from meter where id = any($1)");
        Statements.Add(find, [meters.Select(m => m.Id).ToArray()]);
        return await ReadAsync(find, r => (r.GetInt32(1), r.GetInt32(2)));
    }

    private static async Task<Dictionary<string, T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read)
    {
        var found = new Dictionary<string, T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            found[reader.GetString(0)] = read(reader);
        }

        return found;
    }

    public async Task<string?> AccountIdAsync(int number)
    {
        await using var command = database.CreateCommand("select id from account where number = $1");
        Statements.Add(command, number);
        return (string?)await command.ExecuteScalarAsync();
    }

    public async Task<MeterAddress?> FindMeterAsync(string id)
    {
        const string Sql = "select m.number, m.partition, m.account, m.gateway, g.id from meter m join gateway g on g.number = m.gateway where m.id = $1";
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, id);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new MeterAddress(reader.GetInt32(0), id, reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetString(4))
            : null;
    }

    public async Task<string?> MeterIdAsync(int number)
    {
        await using var command = database.CreateCommand("select id from meter where number = $1");
        Statements.Add(command, number);
        return (string?)await command.ExecuteScalarAsync();
    }

    /// <summary>Allots a number to a meter in its first partition. Null if another id with the same hash is registered.</summary>
    public async Task<MeterAddress?> AllotMeterAsync(string id, int gateway, int partition)
    {
        await using (var command = database.CreateCommand("insert into meter (id, id_hash, gateway, partition) values ($1, $2, $3, $4) on conflict do nothing"))
        {
            Statements.Add(command, id, unchecked((long)IdHash.Of(id)), gateway, partition);
            await command.ExecuteNonQueryAsync();
        }

        return await FindMeterAsync(id);
    }

    /// <summary>Gives a meter that was allotted a number but never installed another first partition.</summary>
    public async Task MoveUninstalledAsync(int meter, int partition, int gateway)
    {
        await using var command =
            database.CreateCommand(
                "update meter set partition = $2, gateway = $3, route_version = nextval('meter_route_version') where number = $1 and not installed");
        Statements.Add(command, meter, partition, gateway);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The gateway's number; made if it is new.</summary>
    public async Task<int> AllotGatewayAsync(string id)
    {
        await using var command = database.CreateCommand("""
            with made as (insert into gateway (id) values ($1) on conflict do nothing returning number)
            select number from made union all select number from gateway where id = $1 limit 1
            """);
        Statements.Add(command, id);
        return (int)(await command.ExecuteScalarAsync() ?? throw new TimeoutException($"Gateway {id} was being registered elsewhere; ask again."));
    }

    public async Task<int?> FindGatewayAsync(string id)
    {
        await using var command = database.CreateCommand("select number from gateway where id = $1");
        Statements.Add(command, id);
        return (int?)await command.ExecuteScalarAsync();
    }

    /// <summary>Ids of gateways by number.</summary>
    public async Task<Dictionary<int, string>> NameGatewaysAsync(int[] numbers)
    {
        await using var command = database.CreateCommand("select number, id from gateway where number = any($1)");
        Statements.Add(command, [numbers]);
        var names = new Dictionary<int, string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            names[reader.GetInt32(0)] = reader.GetString(1);
        }

        return names;
    }

    private AccountAddress Remember(AccountAddress address) => cache.Set($"account:{address.Id}", address, Remembered);
}
