using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Rating;

/// <summary>
/// Tariff versions by number, and the products that they make. A version never changes, so what was read once is kept; products gain versions, and lose those
/// that are withdrawn before they begin.
/// </summary>
/// <param name="time">The clock that times in the log come from; null counts by those times alone.</param>
public sealed class TariffCatalog(NpgsqlDataSource database, TimeProvider? time = null)
{
    /// <summary>How long products that were read are complete for what is folded: half of what registering and withdrawing leave, milliseconds.</summary>
    private const long CompleteMs = Limits.TariffKnownMs / 2;

    private readonly Lock _change = new();
    private readonly Lock _completing = new();
    private readonly ConcurrentDictionary<int, Tariff> _tariffs = new();
    private readonly ConcurrentDictionary<string, TariffProduct> _products = new();
    private long _completeUntilMs = long.MinValue;

    /// <summary>Stored versions that this build cannot use, and why: whoever needs one is told, and nobody else.</summary>
    private readonly ConcurrentDictionary<int, string> _broken = new();

    /// <summary>The price series that tariffs follow.</summary>
    public PriceCatalog Prices { get; } = new(database);

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>A tariff by its number, from the database where it is not known yet.</summary>
    public async Task<Tariff> FindAsync(int number)
    {
        if (!Has(number))
        {
            await LoadAllAsync();
        }

        return Get(number);
    }

    /// <summary>
    /// The version of a number. One that another silo registered a moment ago is read first, so that what is folded does not depend on when this one hears
    /// of it. Throws <see cref="CatalogUnavailableException"/> where the database does not answer, and <see cref="InvariantBrokenException"/> where there is
    /// none that can be used.
    /// </summary>
    public Tariff Get(int number)
    {
        if (_tariffs.TryGetValue(number, out var known))
        {
            return known;
        }

        try
        {
            // Off this scheduler: the fold waits.
            Task.Run(() => LoadAllAsync()).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            throw new CatalogUnavailableException($"Tariff number {number}", e);
        }

        return _tariffs.TryGetValue(number, out var tariff)
            ? tariff
            : throw new InvariantBrokenException(
                _broken.TryGetValue(number, out var why) ? $"Stored tariff {number} cannot be used: {why}" : $"There is no tariff number {number}.");
    }

    /// <summary>
    /// Reads products again where they might lack something that is known at a time in the log: then each process folds with the same, and so does a replay.
    /// Throws <see cref="CatalogUnavailableException"/> where the database does not answer.
    /// </summary>
    /// <param name="logMs">UTC ms.</param>
    public void Complete(long logMs)
    {
        if (logMs <= Volatile.Read(ref _completeUntilMs))
        {
            return;
        }

        lock (_completing)
        {
            if (logMs <= _completeUntilMs)
            {
                return;
            }

            try
            {
                var readMs = time?.GetUtcNow().ToUnixTimeMilliseconds() ?? logMs;

                // Off this scheduler: the fold waits.
                Task.Run(() => LoadAllAsync()).GetAwaiter().GetResult();
                Volatile.Write(ref _completeUntilMs, Math.Max(readMs, logMs) + CompleteMs);
            }
            catch (Exception e)
            {
                throw new CatalogUnavailableException("The products' versions", e);
            }
        }
    }

    /// <summary>A product by its id; null where none is known here.</summary>
    public TariffProduct? ProductOf(string id) => _products.GetValueOrDefault(id);

    /// <summary>Stored versions that cannot be used, by number, each with the reason.</summary>
    public IReadOnlyDictionary<int, string> Broken => _broken;

    public bool Has(int number) => _tariffs.ContainsKey(number);

    public IReadOnlyList<Tariff> All => [.. _tariffs.Values.OrderBy(t => t.Number)];

    /// <summary>Brings the versions that are not known yet, and what was withdrawn.</summary>
    public async Task LoadAllAsync(CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand(
            "select number, definition, known_ms, withdrawn_ms from tariff where not (number = any($1)) or withdrawn_ms is not null");
        command.Parameters.Add(new() { Value = _tariffs.Keys.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            Take(reader.GetInt32(0), reader.GetString(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3));
        }
    }

    private void Take(int number, string json, long knownMs, long? withdrawnMs)
    {
        if (!_tariffs.ContainsKey(number))
        {
            var (read, problem) = Read(number, json, Prices.Book);
            if (read is null)
            {
                _broken[number] = problem!;
                if (withdrawnMs is null && PlaceOf(json) is { } place)
                {
                    _products.GetOrAdd(place.Id, _ => new()).Block(number, place.FromDay);
                }

                return;
            }

            Add(read, knownMs);
            _broken.TryRemove(number, out _);
        }

        if (withdrawnMs is { } withdrawn && _tariffs[number] is var tariff)
        {
            tariff.Product.Withdraw(tariff, withdrawn);
        }
    }

    /// <summary>One object stands for a version, whoever reads it first.</summary>
    private Tariff Add(Tariff tariff, long knownMs)
    {
        lock (_change)
        {
            if (_tariffs.TryGetValue(tariff.Number, out var known))
            {
                return known;
            }

            tariff.Join(_products.GetOrAdd(tariff.Definition.Id, _ => new()), knownMs);
            return _tariffs[tariff.Number] = tariff;
        }
    }

    /// <summary>The product and the first day of a version that cannot be used; null where not even these can be read.</summary>
    private static (string Id, int FromDay)? PlaceOf(string json)
    {
        try
        {
            var place = JsonSerializer.Deserialize<VersionPlace>(json, Json);
            return place?.Id is { } id ? (id, place.EffectiveFrom?.DayNumber ?? int.MinValue) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (Tariff? Tariff, string? Problem) Read(int number, string json, PriceBook book)
    {
        try
        {
            var (tariff, refusal) = TariffCompiler.Compile(number, JsonSerializer.Deserialize<TariffDefinition>(json, Json)!, book);
            return (tariff, refusal?.Detail);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or OverflowException)
        {
            return (null, e.Message);
        }
    }

    /// <summary>The latest version of a tariff, or a given one; null if there is none.</summary>
    public async Task<Tariff?> FindAsync(string id, int? version)
    {
        Tariff? Find() =>
            _tariffs.Values.Where(t => t.Definition.Id == id && (version is null || t.Definition.Version == version)).MaxBy(t => t.Definition.Version);
        if (Find() is { } found && version is not null)
        {
            return found;
        }

        await LoadAllAsync();
        return Find();
    }

    /// <summary>
    /// The version that an account is to be on from a local day: the one in force then, or a given one, which must be. Else the refusal that says why not.
    /// </summary>
    /// <param name="dayOf">The day, by the tariff's calendar.</param>
    /// <param name="field">The member that the day stands in.</param>
    public async Task<(Tariff? Tariff, Refusal? Refusal)> FindForAsync(string id, int? version, Func<LocalCalendar, int> dayOf, string field)
    {
        if (await FindAsync(id, version) is not { } found)
        {
            return (null, new Refusal(TariffRefusals.Unknown, $"tariff: there is no tariff '{id}'{(version is { } v ? $" with version {v}" : "")}."));
        }

        var day = dayOf(found.Calendar);
        if (version is null && found.Product.VersionOn(day) is { } current)
        {
            return (current, null);
        }

        if (version is not null && found.Product.IsWithdrawn(found))
        {
            return (null, new(TariffRefusals.Withdrawn, $"tariff: version {version} of product {id} was withdrawn; name another version."));
        }

        return version is not null && found.IsInForceOn(day) ? (found, null) : (null, NotInForce(found, version, day, field));
    }

    private static Refusal NotInForce(Tariff found, int? version, int day, string field) => new(
        TariffRefusals.NotEffective,
        version is null ? $"{field}: on {Instants.DayToText(day)} no version of tariff {found.Definition.Id} is in force."
            : $"{field}: {Instants.DayToText(day)} is before {found.Definition.EffectiveFrom:yyyy-MM-dd}, the first day of version {version} of tariff "
                + $"{found.Definition.Id}.");

    /// <summary>Registers a version. The same content again is the same version; other content under its name is refused.</summary>
    /// <param name="announce">Why the version may not be announced for the product as it is now, and from when in the log it is known, UTC ms; null takes any
    /// version.</param>
    public async Task<(Tariff? Tariff, bool Created, Refusal? Refusal)> RegisterAsync(
        TariffDefinition definition, Func<TariffProduct?, (Refusal? Refusal, long KnownMs)>? announce = null)
    {
        var (compiled, wrong) = TariffCompiler.Compile(0, definition);
        if (compiled is null)
        {
            return (null, false, wrong);
        }

        var json = JsonSerializer.Serialize(definition, Json);
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(definition, Json));
        await using var connection = await database.OpenConnectionAsync();
        await using var change = await BeginChangeAsync(connection, definition.Id);
        if (await FindAsync(definition.Id, definition.Version) is { } same)
        {
            return SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(same.Definition, Json)).AsSpan().SequenceEqual(hash)
                ? same.Product.IsWithdrawn(same)
                    ? (null, false, new(TariffRefusals.Withdrawn,
                        $"version: version {definition.Version} of product {definition.Id} was withdrawn; use a new number."))
                    : (same, false, null)
                : (null, false, new Refusal(
                    TariffRefusals.Immutable,
                    $"version: tariff {definition.Id} has a version {definition.Version} with other content; a version never changes. Use a new number."));
        }

        var (refusal, knownMs) = announce?.Invoke(ProductOf(definition.Id)) ?? default;
        if (refusal is not null)
        {
            return (null, false, refusal);
        }

        await using var command = new NpgsqlCommand(
            "insert into tariff (id, version, definition, content_hash, known_ms) values ($1, $2, $3, $4, $5) "
                + "on conflict do nothing returning number", connection, change);
        Statements.Add(command, definition.Id, definition.Version);
        command.Parameters.Add(new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });
        Statements.Add(command, hash, knownMs);
        if (await command.ExecuteScalarAsync() is not int number)
        {
            return (null, false, new(
                TariffRefusals.Immutable, $"version: tariff {definition.Id} has a version {definition.Version} that cannot be read. Use a new number."));
        }

        await change.CommitAsync();
        return (Add(TariffCompiler.Compile(number, definition, Prices.Book).Tariff!, knownMs), true, null);
    }

    /// <summary>Withdraws a version before it begins. One that is withdrawn already stays so.</summary>
    /// <param name="refuse">Why it may not be withdrawn now; null is that it may.</param>
    /// <param name="knownMs">From when in the log it is known, UTC ms.</param>
    public async Task<(Tariff? Tariff, Refusal? Refusal)> WithdrawAsync(string id, int version, Func<Tariff, Refusal?> refuse, long knownMs)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var change = await BeginChangeAsync(connection, id);
        await LoadAllAsync();
        if (InternalTariffs.Is(id) || await FindAsync(id, version) is not { } tariff)
        {
            return (null, new(TariffRefusals.Unknown, $"version: there is no version {version} of product '{id}'."));
        }

        if (refuse(tariff) is { } refusal)
        {
            return (null, refusal);
        }

        await using var command = new NpgsqlCommand(
            "update tariff set withdrawn_ms = $2 where number = $1 and withdrawn_ms is null", connection, change);
        Statements.Add(command, tariff.Number, knownMs);
        await command.ExecuteNonQueryAsync();
        await change.CommitAsync();
        await LoadAllAsync();
        return (tariff, null);
    }

    /// <summary>One change of a product at a time, over all processes: what is decided by its versions holds when it is written.</summary>
    private static async Task<NpgsqlTransaction> BeginChangeAsync(NpgsqlConnection connection, string id)
    {
        var change = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('tariff:' || $1, 0))", connection, change);
        Statements.Add(command, id);
        await command.ExecuteNonQueryAsync();
        return change;
    }

    private sealed record VersionPlace(string? Id, DateOnly? EffectiveFrom);
}
