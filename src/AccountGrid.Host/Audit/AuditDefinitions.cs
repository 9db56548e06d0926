using AccountGrid.Domain.Policies;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Tariffs and policy packs as they are stored: the audit's own reading of them, and the fold's for stored states and for a log that is folded again.
/// </summary>
internal sealed class AuditDefinitions
{
    private readonly Dictionary<int, AuditTariff> _tariffs = [];
    private readonly Dictionary<int, List<AuditPack>> _packs = [];
    private readonly Dictionary<int, List<Policy>> _policies = [];

    public IReadOnlyDictionary<int, AuditTariff> Tariffs => _tariffs;

    public AuditStored Stored { get; } = new();

    /// <param name="defects">A version that cannot be used is added to them.</param>
    public static async Task<AuditDefinitions> ReadAsync(NpgsqlConnection connection, List<string> defects)
    {
        var definitions = new AuditDefinitions();
        await definitions.LoadTariffsAsync(connection, defects);
        await definitions.LoadPacksAsync(connection);
        return definitions;
    }

    public AuditPack? PackOf(int family, int day) => _packs.GetValueOrDefault(family)?.FindLast(p => p.FromDay <= day);

    public Policy? PolicyAt(int family, int day) => _policies.GetValueOrDefault(family)?.FindLast(p => p.Definition.EffectiveFrom.DayNumber <= day);

    private async Task LoadTariffsAsync(NpgsqlConnection connection, List<string> defects)
    {
        var series = await AuditPriceRows.ReadAsync(connection, Stored.Book);
        foreach (var (number, definition, known, withdrawn) in await AuditQuery.ReadAsync(connection, AuditStored.Sql, AuditStored.Read))
        {
            _tariffs[number] = new AuditTariff(number, definition, withdrawn is not null, series.GetValueOrDefault(definition.Dynamic?.Series ?? ""));
            Stored.Add(number, definition, known, withdrawn, defects);
        }
    }

    private async Task LoadPacksAsync(NpgsqlConnection connection)
    {
        foreach (var (family, json) in await AuditQuery.ReadAsync(connection, "select family, definition::text from policy order by family, effective_from",
            r => (r.GetInt32(0), r.GetString(1))))
        {
            var policy = PolicyCompiler.Read(json).Policy!;
            (_packs.TryGetValue(family, out var versions) ? versions : _packs[family] = []).Add(new AuditPack(policy.Definition));
            (_policies.TryGetValue(family, out var packs) ? packs : _policies[family] = []).Add(policy);
        }
    }
}
