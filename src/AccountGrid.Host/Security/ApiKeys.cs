using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Contracts;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// Makes and checks keys: <c>agk_{id}_{secret}</c> with a public id and 256 random bits, of which only the SHA-256 is stored. The prefix lets scanners
/// find a leaked key. What was checked is remembered, but only while this process has asked within <see cref="Trusted"/> whether any key was changed: a
/// revocation that is answered holds on every silo, and a silo that cannot ask lets nobody in by memory.
/// </summary>
internal sealed class ApiKeys(IGrainFactory grains, NpgsqlDataSource database, PersonalData personal, TimeProvider time)
{
    /// <summary>How long a process trusts what it remembers without asking; a revocation waits so long before it is answered.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(1);

    /// <summary>Asked again so long after the last time, beside the requests: none waits while the database answers within <see cref="Trusted"/>.</summary>
    private static readonly TimeSpan AskedAgain = TimeSpan.FromMilliseconds(250);

    /// <summary>How old the list of ids may be where an id is not in it.</summary>
    private static readonly TimeSpan ListedAgain = TimeSpan.FromSeconds(1);

    private const string Prefix = "agk_";

    private readonly KeyMemory _memory = new();
    private readonly SemaphoreSlim _listing = new(1, 1);
    private FrozenSet<string> _ids = [];
    private long _listedAt;
    private bool _listed;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private long _askedAt;
    private bool _asked;

    /// <param name="id">Of the key, where the caller chose it: 16 hexadecimal digits.</param>
    /// <returns>The key; null where a key of the caller's id was made before.</returns>
    public async Task<string?> CreateAsync(KeyRole role, string name, int gateway, string? scope = null, string? rotatedFrom = null, string? id = null)
    {
        var isChosen = id is not null;
        id ??= Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var tokenKey = role == KeyRole.Client ? personal.Seal(Convert.ToBase64String(CustomerTokens.KeyFrom(secret))) : null;
        var record = new ApiKeyRecord(role, name, Hash(secret), gateway, time.GetUtcNow().ToUnixTimeMilliseconds(), Revoked: false, scope, TokenKey: tokenKey,
            RotatedFrom: rotatedFrom);
        if (!await grains.GetGrain<IApiKeyGrain>(id).Create(record))
        {
            return isChosen ? null : throw new OrleansException("A key id came up twice; ask again.");
        }

        _memory.Forget(id);
        return $"{Prefix}{id}_{secret}";
    }

    /// <summary>
    /// Up to so many keys by their public ids, those behind one; and the id to go on from, if there may be more. An id is hexadecimal, which Orleans keeps as a
    /// grain's integer key.
    /// </summary>
    public async Task<(List<(string Id, ApiKeyRecord Record)> Keys, string? Next)> ListAsync(string after, int limit)
    {
        var ids = new List<string>();
        await using (var command = database.CreateCommand("""
            select id from (select lpad(to_hex(grainidn1), 16, '0') as id from orleansstorage where graintypestring = 'key') k
            where id > $1 collate "C" order by id collate "C" limit $2
            """))
        {
            command.Parameters.Add(new() { Value = after });
            command.Parameters.Add(new() { Value = limit + 1 });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                ids.Add(reader.GetString(0));
            }
        }

        var isLast = ids.Count <= limit;
        ids = [.. ids.Take(limit)];
        var records = await Task.WhenAll(ids.Select(id => grains.GetGrain<IApiKeyGrain>(id).Find()));
        return ([.. ids.Zip(records).Where(k => k.Second is not null).Select(k => (k.First, k.Second!))], isLast ? null : ids[^1]);
    }

    /// <summary>A second key of the same kind; the first ends when the overlap is over.</summary>
    /// <param name="newId">Of the second key, where the caller chose it.</param>
    /// <returns>Whether there is such a key; the second, null where it was made before.</returns>
    public async Task<(bool Found, string? Key)> RotateAsync(string id, TimeSpan overlap, string? newId = null)
    {
        if (await FindAsync(id) is not { } record)
        {
            return (false, null);
        }

        var key = await CreateAsync(record.Role, record.Name, record.Gateway, record.Scope, record.RotatedFrom ?? id, newId);
        await grains.GetGrain<IApiKeyGrain>(id).EndAt((time.GetUtcNow() + overlap).ToUnixTimeMilliseconds());
        await TellAllAsync();
        return (true, key);
    }

    /// <summary>False if there is no such key. When it is answered, no silo takes the key any more.</summary>
    public async Task<bool> RevokeAsync(string id)
    {
        if (!IsId(id) || await grains.GetGrain<IApiKeyGrain>(id).Find() is null)
        {
            return false;
        }

        await grains.GetGrain<IApiKeyGrain>(id).Revoke();
        await TellAllAsync();
        return true;
    }

    /// <summary>The key's record if it exists, is in force and its secret is right.</summary>
    public async Task<(string Id, ApiKeyRecord Record)?> CheckAsync(string key)
    {
        var parts = key.Split('_');
        return key.StartsWith(Prefix, StringComparison.Ordinal) && parts.Length == 3 && parts[2].Length == 64
            && await FindAsync(parts[1]) is { } record && CryptographicOperations.FixedTimeEquals(record.SecretHash, Hash(parts[2]))
            ? (parts[1], record)
            : null;
    }

    /// <summary>Whether a key was asked for before: only others cost a look into the database.</summary>
    public bool Remembers(string id) => _memory.TryFind(id, out var record) && record is not null;

    /// <summary>
    /// Whether there is a key of this public id, in force or not. Costs one statement a second, however often it is asked: an id that nobody made up is told
    /// from the guesses of a flood without a look for each of them.
    /// </summary>
    public async Task<bool> ExistsAsync(string id)
    {
        if (!IsId(id))
        {
            return false;
        }

        if (!_ids.Contains(id) && !HasListedWithin(ListedAgain))
        {
            await _listing.WaitAsync();
            try
            {
                if (!HasListedWithin(ListedAgain))
                {
                    await ListIdsAsync();
                }
            }
            finally
            {
                _listing.Release();
            }
        }

        return _ids.Contains(id);
    }

    private bool HasListedWithin(TimeSpan time) => Volatile.Read(ref _listed) && TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _listedAt)) < time;

    private async Task ListIdsAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var ids = new List<string>();
        await using var command = database.CreateCommand("select lpad(to_hex(grainidn1), 16, '0') from orleansstorage where graintypestring = 'key'");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetString(0));
        }

        _ids = ids.ToFrozenSet(StringComparer.Ordinal);
        Interlocked.Exchange(ref _listedAt, began);
        Volatile.Write(ref _listed, true);
    }

    /// <summary>The record of a key that is in force, by its public id.</summary>
    public async Task<ApiKeyRecord?> FindAsync(string id)
    {
        if (!IsId(id))
        {
            return null;
        }

        await TrustAsync();
        if (!_memory.TryFind(id, out var record))
        {
            var change = _memory.Change;
            record = await grains.GetGrain<IApiKeyGrain>(id).Find();
            _memory.Remember(id, record, change);
        }

        return record is { Revoked: false } && (record.EndsMs == 0 || record.EndsMs > time.GetUtcNow().ToUnixTimeMilliseconds()) ? record : null;
    }

    /// <summary>Forgets what may have changed. Throws what the database says: nobody is let in by a memory that cannot be checked.</summary>
    private async Task TrustAsync()
    {
        if (HasAskedWithin(Trusted))
        {
            if (!HasAskedWithin(AskedAgain) && _asking.Wait(0))
            {
                _ = AskAheadAsync();
            }

            return;
        }

        await _asking.WaitAsync();
        try
        {
            if (!HasAskedWithin(Trusted))
            {
                await AskAsync();
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>What goes wrong here is met again by the first request that nothing can be trusted for.</summary>
    private async Task AskAheadAsync()
    {
        try
        {
            await AskAsync();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException)
        {
            // The database is away: see above.
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task AskAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var command = database.CreateCommand("select number from key_change");
        var change = (long)(await command.ExecuteScalarAsync() ?? 0L);
        _memory.MoveTo(change);
        Interlocked.Exchange(ref _askedAt, began);
        Volatile.Write(ref _asked, true);
    }

    private bool HasAskedWithin(TimeSpan time) => Volatile.Read(ref _asked) && TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _askedAt)) < time;

    private async Task TellAllAsync()
    {
        await using var command = database.CreateCommand("update key_change set number = number + 1");
        await command.ExecuteNonQueryAsync();
        _memory.Forget();
        await Task.Delay(Trusted + TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }

    private static bool IsId(string id) => id.Length == 16 && id.All(char.IsAsciiHexDigitLower);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}
