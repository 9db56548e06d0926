using System.Collections.Concurrent;
using AccountGrid.Domain;
using AccountGrid.Domain.Policies;
using AccountGrid.Host.Database;
using AccountGrid.Host.Rating;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Policies;

/// <summary>
/// Policy packs by family and day. A version never changes, and a new one of a known family begins tomorrow at the earliest, so that every silo has
/// it before it decides anything: a replay then decides the same.
/// </summary>
public sealed class PolicyCatalog(NpgsqlDataSource database, TimeProvider time) : IPriceNotice
{
    private readonly ConcurrentDictionary<int, Policy[]> _families = new();
    private readonly ConcurrentDictionary<string, int> _numbers = new();

    /// <summary>The version of a family that decides on a local day; null if none is effective.</summary>
    public Policy? At(int family, int day)
    {
        if (!_families.TryGetValue(family, out var versions))
        {
            // Another silo registered it a moment ago, and what this one folds must not depend on when it hears of it. Off this scheduler: the fold waits.
            try
            {
                Task.Run(() => LoadAllAsync()).GetAwaiter().GetResult();
            }
            catch (Exception e)
            {
                throw new CatalogUnavailableException($"Policy pack number {family}", e);
            }

            if (!_families.TryGetValue(family, out versions))
            {
                return null;
            }
        }

        for (var i = versions.Length - 1; i >= 0; i--)
        {
            if (versions[i].Definition.EffectiveFrom.DayNumber <= day)
            {
                return versions[i];
            }
        }

        return null;
    }

    /// <summary>The longest of the packs in the currency, since accounts under any of them may be on the product.</summary>
    public async Task<int> DaysAsync(string currency, DateOnly today)
    {
        await LoadAllAsync();
        return _families.Keys.Select(f => At(f, today.DayNumber)).Where(p => p?.Definition.Currency == currency)
            .Select(p => p!.Definition.PriceNoticeDays).DefaultIfEmpty(0).Max();
    }

    public IReadOnlyList<Policy> All => [.. _families.Values.SelectMany(v => v).OrderBy(p => p.Definition.Id).ThenBy(p => p.Definition.Version)];

    public async Task<int?> NumberOfAsync(string id)
    {
        if (!_numbers.ContainsKey(id))
        {
            await LoadAllAsync();
        }

        return _numbers.TryGetValue(id, out var number) ? number : null;
    }

    /// <summary>Brings the versions that are not known yet; known ones never change and are not read again.</summary>
    public async Task LoadAllAsync(CancellationToken cancel = default)
    {
        var known = _families.SelectMany(f => f.Value.Select(p => (Family: f.Key, p.Definition.Version))).ToList();
        await using var command = database.CreateCommand(
            """
            select p.family, f.id, p.definition::text from policy p join policy_family f on f.number = p.family
            where not exists (select from unnest($1::int[], $2::int[]) as k(family, version) where k.family = p.family and k.version = p.version)
              order by p.family, p.effective_from
            """);
        Statements.Add(command, known.Select(k => k.Family).ToArray(), known.Select(k => k.Version).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (family, id) = (reader.GetInt32(0), reader.GetString(1));
            var (policy, problems) = PolicyCompiler.Read(reader.GetString(2));
            _ = policy ?? throw new InvariantBrokenException($"A stored version of policy pack {id} does not compile: {problems[0].Detail}");
            _numbers[id] = family;
            _families.AddOrUpdate(family, _ => [policy],
                (_, versions) => versions.Any(v => v.Definition.Version == policy.Definition.Version)
                    ? versions
                    : [.. versions.Append(policy).OrderBy(v => v.Definition.EffectiveFrom)]);
        }
    }

    /// <summary>
    /// Registers a version. The same content again is the same version; other content under its number, or one that would begin before tomorrow, is refused.
    /// </summary>
    public async Task<(Policy? Policy, bool Created, IReadOnlyList<Refusal> Problems)> RegisterAsync(string json)
    {
        var (policy, problems) = await CheckAsync(json);
        if (policy is null)
        {
            return (null, false, problems);
        }

        if (Same(policy) is { } same)
        {
            return (same, false, []);
        }

        await StoreAsync(policy);
        await LoadAllAsync();
        return (policy, true, []);
    }

    /// <summary>Why a version cannot be registered now; without problems where it can, or is registered already.</summary>
    public async Task<(Policy? Policy, IReadOnlyList<Refusal> Problems)> CheckAsync(string json)
    {
        var (policy, problems) = PolicyCompiler.Read(json);
        if (policy is null)
        {
            return (null, problems);
        }

        await LoadAllAsync();
        return Same(policy) is null && Refuse(policy) is { } refusal ? (null, [refusal]) : (policy, []);
    }

    private Policy? Same(Policy policy) =>
        All.FirstOrDefault(p => p.Definition.Id == policy.Definition.Id && p.Definition.Version == policy.Definition.Version && p.Hash == policy.Hash);

    private Refusal? Refuse(Policy policy)
    {
        var d = policy.Definition;
        var known = All.Where(p => p.Definition.Id == d.Id).ToList();
        if (known.Exists(p => p.Definition.Version == d.Version))
        {
            return new(PolicyRefusals.Immutable,
                $"version: pack {d.Id} has a version {d.Version} with other content; a version never changes. Use a new number.");
        }

        // Somewhere on earth it is already two days on from the day that a third place still has.
        var earliest = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(2);
        return known.Count > 0 && d.EffectiveFrom < earliest
            ? new(PolicyRefusals.TooEarly,
                $"effectiveFrom: '{d.EffectiveFrom:yyyy-MM-dd}' is not {earliest:yyyy-MM-dd} or later; decisions already made stay as they are.")
            : known.Find(p => p.Definition.EffectiveFrom >= d.EffectiveFrom || p.Definition.Version >= d.Version) is { } later
            ? new(PolicyRefusals.OutOfOrder,
                $"version: version {later.Definition.Version} from {later.Definition.EffectiveFrom:yyyy-MM-dd} exists; versions and their days rise together.")
            : null;
    }

    private async Task StoreAsync(Policy policy)
    {
        const string Sql = """
            with made as (insert into policy_family (id) values ($1) on conflict (id) do nothing returning number),
                 family as (select number from made union all select number from policy_family where id = $1 limit 1)
            insert into policy (family, version, effective_from, definition, content_hash) select number, $2, $3, $4, $5 from family on conflict do nothing
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, policy.Definition.Id, policy.Definition.Version, policy.Definition.EffectiveFrom);
        command.Parameters.Add(new() { Value = PolicyCompiler.ToJson(policy.Definition), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = policy.Hash });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Packs that come with the program; a grid that has none of a name gets it.</summary>
    public async Task RegisterShippedAsync()
    {
        foreach (var file in Directory.EnumerateFiles(ShippedFolder, "*.json").Order(StringComparer.Ordinal))
        {
            var json = await File.ReadAllTextAsync(file);
            var (policy, problems) = PolicyCompiler.Read(json);
            if (policy is null)
            {
                throw new StartException($"{file}: {problems[0].Detail}");
            }

            if (await NumberOfAsync(policy.Definition.Id) is null)
            {
                await RegisterAsync(json);
            }
        }
    }

    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "Policies");
}
