using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Cluster.Tests;

/// <summary>
/// The three silos of docker-compose.yml as processes: the image's entry point, each service's environment, its volume as a folder, its address as a loopback
/// address, and a PostgreSQL server with the settings of the file. They start together, as they do there.
/// </summary>
public sealed class ComposeRunTests : IAsyncLifetime
{
    /// <summary>Loopback addresses of this test's own: the file's ports are fixed, and other grids may run on this machine.</summary>
    private readonly string _network = $"127.{RandomNumberGenerator.GetInt32(64, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}.";
    private readonly TestFolder _folder = new();
    private readonly List<GridProcess> _silos = [];
    private TestPostgres _postgres = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.Path);
        _postgres = await TestPostgres.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Three_silos_of_the_compose_file_start_together_and_are_one_cluster()
    {
        Assert.Equal(["ACCOUNTGRID_DB_PASSWORD", "ACCOUNTGRID_GRAFANA_PASSWORD", "ACCOUNTGRID_PERSONAL_DATA_KEY"],
            ComposeFile.Required.Order(StringComparer.Ordinal));
        var compose = ComposeFile.Read(
            new Dictionary<string, string>
            {
                ["ACCOUNTGRID_DB_PASSWORD"] = "secret",
                ["ACCOUNTGRID_GRAFANA_PASSWORD"] = "secret",
                ["ACCOUNTGRID_PERSONAL_DATA_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))
            });
        var services = compose.GetProperty("services");
        await _postgres.ConfigureAsync([.. SettingsOf(services.GetProperty("postgres"))]);
        var database = new NpgsqlConnectionStringBuilder(await _postgres.CreateDatabaseAsync());
        var starting = services.EnumerateObject().Where(s => s.Name.StartsWith("silo", StringComparison.Ordinal)).Select(s => StartAsync(s, database)).ToList();
        Assert.Equal(3, starting.Count);
        foreach (var silo in starting)
        {
            _silos.Add(await silo);
        }

        await AssertOneClusterAsync(database.ConnectionString);
        using var first = _silos[0].Client();
        await first.RegisterAsync("/v1/tariffs",
            new Domain.Rating.TariffDefinition { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });
        for (var i = 0; i < 12; i++)
        {
            await first.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest($"C{i}", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        }

        foreach (var silo in _silos)
        {
            using var client = silo.Client();
            for (var i = 0; i < 12; i++)
            {
                Assert.Equal("0.000000000", (await client.GetAsync<BalanceAnswer>($"/v1/accounts/C{i}/balance")).Amount);
            }
        }
    }

    [Fact]
    public async Task A_silo_with_a_key_of_its_own_is_refused_whichever_of_them_comes_first()
    {
        var database = await _postgres.CreateDatabaseAsync();
        var starts = Enumerable.Range(0, 3).Select(i => TryAsync(i)).ToList();
        var ended = await Task.WhenAll(starts);
        Assert.Equal(2, ended.Count(e => e is not null));
        Assert.All(ended.OfType<string>(), e => Assert.Contains("sealed with another key", e, StringComparison.Ordinal));

        async Task<string?> TryAsync(int i)
        {
            try
            {
                var silo = await GridProcess.StartAsync(
                    Path.Combine(_folder.Path, $"own{i}"), database, null, ("Grid__Partitions", "4"),
                    ("Security__PersonalDataKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
                lock (_silos)
                {
                    _silos.Add(silo);
                }

                return null;
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
        }
    }

    /// <summary>What <c>command</c> gives the server with <c>-c</c>.</summary>
    private static IEnumerable<(string Name, string Value)> SettingsOf(JsonElement postgres) =>
        postgres.GetProperty("command").EnumerateArray().Select(a => a.GetString()!.Split('=')).Where(p => p.Length == 2).Select(p => (p[0], p[1]));

    private async Task<GridProcess> StartAsync(JsonProperty service, NpgsqlConnectionStringBuilder database)
    {
        var address = AddressOf(service.Value.GetProperty("networks").GetProperty("grid").GetProperty("ipv4_address").GetString()!);
        var volumes = service.Value.GetProperty("volumes").EnumerateArray().Select(v => v.GetString()!.Split(':'))
            .ToDictionary(v => v[1], v => Path.Combine(_folder.Path, v[0]));
        string[] entry = [.. ComposeFile.Arguments().Select(a => volumes.GetValueOrDefault(a, a).Replace("0.0.0.0", address, StringComparison.Ordinal))];
        Assert.Equal(["serve", "--data", "--urls"], [entry[0], entry[1], entry[3]]);
        var settings = service.Value.GetProperty("environment").EnumerateObject().Where(e => e.Name != "ConnectionStrings__AccountGrid")
            .Select(e => (e.Name, InFolders(e.Value.GetString()!))).ToArray();
        var given = new NpgsqlConnectionStringBuilder(service.Value.GetProperty("environment").GetProperty("ConnectionStrings__AccountGrid").GetString()!);
        Assert.Equal("postgres", given.Host);
        (given.Host, given.Database) = (database.Host, database.Database);
        return await GridProcess.StartAsync(entry[2], given.ConnectionString, entry[4], settings);

        string InFolders(string value)
        {
            foreach (var (path, folder) in volumes)
            {
                value = value.StartsWith(path + "/", StringComparison.Ordinal) ? folder + value[path.Length..] : value;
            }

            return IsOfNetwork(value) ? AddressOf(value) : value;
        }
    }

    private static bool IsOfNetwork(string value) => value.StartsWith("10.77.0.", StringComparison.Ordinal);

    private string AddressOf(string value) => IsOfNetwork(value) ? _network + value["10.77.0.".Length..] : throw new ArgumentException(value, nameof(value));

    /// <summary>Each silo answers for three, and together they take no more connections than their server allows.</summary>
    private async Task AssertOneClusterAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var ask = new NpgsqlCommand(
            "select (select count(*) from orleansmembershiptable where status = 3), (select count(*) from pg_stat_activity where backend_type = 'client "
                + "backend'), current_setting('max_connections')::bigint", connection);
        await using var reader = await ask.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal(3, reader.GetInt64(0));
        Assert.True(reader.GetInt64(1) < reader.GetInt64(2),
            string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt64(1)} of {reader.GetInt64(2)} connections are taken."));
        Assert.Equal(250, reader.GetInt64(2));
    }
}
