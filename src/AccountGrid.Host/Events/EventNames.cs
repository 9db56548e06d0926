using System.Text.Json.Nodes;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Events;

/// <summary>Ids of what events name by number.</summary>
internal sealed class EventNames
{
    private readonly Dictionary<int, string> _accounts = [];
    private readonly Dictionary<int, string?> _currencies = [];
    private readonly Dictionary<int, string> _meters = [];
    private readonly Dictionary<int, string> _policies = [];
    private readonly Dictionary<int, (string Id, int Version)> _tariffs = [];

    public string? AccountOf(int number) => _accounts.GetValueOrDefault(number);

    /// <summary>Null where the account has no tariff.</summary>
    public string? CurrencyOf(int account) => _currencies.GetValueOrDefault(account);

    public string? MeterOf(int number) => _meters.GetValueOrDefault(number);

    public string? PolicyOf(int number) => _policies.GetValueOrDefault(number);

    public JsonNode? TariffOf(int number) =>
        _tariffs.TryGetValue(number, out var tariff) ? new JsonObject { ["id"] = tariff.Id, ["version"] = tariff.Version } : null;

    public static async Task<EventNames> LoadAsync(NpgsqlDataSource database, EventNumbers numbers, CancellationToken cancel)
    {
        // An account keeps the currency of the tariff that it was opened with.
        const string Accounts = """
            select a.number, a.id, t.definition->>'currency' from account a
            left join lateral (
              select (e.event->>'tariff')::int as number from account_event e
              where e.partition = a.partition and e.account = a.number order by e.position, e.sequence limit 1) o on true
            left join tariff t on t.number = o.number where a.number = any($1)
            """;
        var names = new EventNames();
        await ReadAsync(database, Accounts, numbers.Of(EventReference.Account), cancel, r =>
        {
            names._accounts[r.GetInt32(0)] = r.GetString(1);
            names._currencies[r.GetInt32(0)] = r.IsDBNull(2) ? null : r.GetString(2);
        });
        await ReadAsync(database, "select number, id from meter where number = any($1)", numbers.Of(EventReference.Meter), cancel,
            r => names._meters[r.GetInt32(0)] = r.GetString(1));
        await ReadAsync(database, "select number, id from policy_family where number = any($1)", numbers.Of(EventReference.Policy), cancel,
            r => names._policies[r.GetInt32(0)] = r.GetString(1));
        await ReadAsync(database, "select number, id, version from tariff where number = any($1)", numbers.Of(EventReference.Tariff), cancel,
            r => names._tariffs[r.GetInt32(0)] = (r.GetString(1), r.GetInt32(2)));
        return names;
    }

    private static async Task ReadAsync(NpgsqlDataSource database, string sql, int[] numbers, CancellationToken cancel, Action<NpgsqlDataReader> read)
    {
        if (numbers.Length == 0)
        {
            return;
        }

        await using var command = database.CreateCommand(sql);
        Statements.Add(command, [numbers]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            read(reader);
        }
    }
}
