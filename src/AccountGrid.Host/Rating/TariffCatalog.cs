using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Rating;

/// <summary>Tariff versions by number. They never change, so what was read once is kept.</summary>
public sealed class TariffCatalog(NpgsqlDataSource database)
{
    private readonly ConcurrentDictionary<int, Tariff> _tariffs = new();

    /// <summary>Stored versions that this build cannot use, and why: whoever needs one is told, and nobody else.</summary>
    private readonly ConcurrentDictionary<int, string> _broken = new();

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

    /// <summary>Stored versions that cannot be used, by number, each with the reason.</summary>
    public IReadOnlyDictionary<int, string> Broken => _broken;

    public bool Has(int number) => _tariffs.ContainsKey(number);

    public IReadOnlyList<Tariff> All => [.. _tariffs.Values.OrderBy(t => t.Number)];

    public async Task LoadAllAsync(CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand("select number, definition from tariff where not (number = any($1))");
        command.Parameters.Add(new() { Value = _tariffs.Keys.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var number = reader.GetInt32(0);
            var (tariff, problem) = Read(number, reader.GetString(1));
            if (tariff is not null)
            {
                _tariffs[number] = tariff;
                _broken.TryRemove(number, out _);
            }
            else
            {
                _broken[number] = problem!;
            }
        }
    }

    private static (Tariff? Tariff, string? Problem) Read(int number, string json)
    {
        try
        {
            var (tariff, refusal) = TariffCompiler.Compile(number, JsonSerializer.Deserialize<TariffDefinition>(json, Json)!);
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
        if (version is null && Tariff.InForce(_tariffs.Values.Where(t => t.Definition.Id == id), day) is { } current)
        {
            return (current, null);
        }

        return version is not null && found.IsInForceOn(day) ? (found, null) : (null, NotInForce(found, version, day, field));
    }

    private static Refusal NotInForce(Tariff found, int? version, int day, string field) => new(
        TariffRefusals.NotEffective,
        version is null ? $"{field}: on {Instants.DayToText(day)} no version of tariff {found.Definition.Id} is in force."
            : $"{field}: {Instants.DayToText(day)} is before {found.Definition.EffectiveFrom:yyyy-MM-dd}, the first day of version {version} of tariff "
                + $"{found.Definition.Id}.");

    /// <summary>Registers a version. The same content again is the same version; other content under its name is refused.</summary>
    public async Task<(Tariff? Tariff, bool Created, Refusal? Refusal)> RegisterAsync(TariffDefinition definition)
    {
        var (compiled, wrong) = TariffCompiler.Compile(0, definition);
        if (compiled is null)
        {
            return (null, false, wrong);
        }

        var json = JsonSerializer.Serialize(definition, Json);
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(definition, Json));
        const string Insert = """
            with made as (
                insert into tariff (id, version, definition, content_hash) values ($1, $2, $3, $4) on conflict (id, version) do nothing
                returning number, content_hash)
            select number, content_hash, true from made
            union all select number, content_hash, false from tariff where id = $1 and version = $2 limit 1
            """;
        await using var command = database.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = definition.Id });
        command.Parameters.Add(new() { Value = definition.Version });
        command.Parameters.Add(new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = hash });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var number = reader.GetInt32(0);
        if (!((byte[])reader[1]).AsSpan().SequenceEqual(hash))
        {
            return (null, false, new Refusal(
                TariffRefusals.Immutable,
                $"version: tariff {definition.Id} has a version {definition.Version} with other content; a version never changes. Use a new number."));
        }

        var created = reader.GetBoolean(2);
        return (_tariffs.GetOrAdd(number, n => TariffCompiler.Compile(n, definition).Tariff!), created, null);
    }
}
