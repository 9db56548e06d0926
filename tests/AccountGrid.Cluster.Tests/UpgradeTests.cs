using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.LoadTest.Targets;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Cluster.Tests;

/// <summary>
/// An upgrade to a release that brings a format version: the older build and the newer one side by side, there and back; finished when no older one is left;
/// and no way back from there. The newer one is the test build with its made-up format version 2.
/// </summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private static readonly (string Name, string Value) Next = ("ACCOUNTGRID_NEXT_FORMAT", "1");

    private readonly TestFolder _folder = new();
    private readonly GridProcess?[] _silos = new GridProcess?[3];
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private TestPostgres _postgres = null!;
    private NpgsqlDataSource _database = null!;
    private string _connection = "";
    private int _wh;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.Path);
        _postgres = await TestPostgres.StartAsync();
        _connection = await _postgres.CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(_connection);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.OfType<GridProcess>())
        {
            await silo.DisposeAsync();
        }

        await _database.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_upgrade_is_finished_when_no_older_silo_is_left_and_then_none_can_start()
    {
        await StartOldAsync(0);
        await StartOldAsync(1);
        await RegisterAsync();
        await PushAsync(0);

        // Side by side: each writes what both read.
        await StartNextAsync(2);
        await PushAsync(2);
        await AssertRefusedAsync(2);
        Assert.Equal((409, "grid.upgrade_unfinished"), await PromiseAsync(2));
        Assert.Equal([1], await LogVersionsAsync());

        // Back, as long as the upgrade is not finished.
        await StopAsync(2);
        await StartOldAsync(2);
        await PushAsync(2);
        await AssertRefusedAsync(3);

        // Forward; the last of the older ones does not leave by itself.
        await StopAsync(2);
        await StartNextAsync(2);
        await StopAsync(1);
        await StartNextAsync(1);
        await AssertRefusedAsync(1);
        await _silos[0]!.KillAsync();
        await StartNextAsync(0);
        await Eventually.GetAsync(() => UpgradeAsync("status"), s => s.Status == 0, "The silo that was killed is found dead");
        await PushAsync(0);
        Assert.Equal([1], await LogVersionsAsync());

        var (status, said) = await UpgradeAsync("finish");
        Assert.True(status == 0, said);
        Assert.Contains("Format version 2 is in force, 1 was before.", said, StringComparison.Ordinal);
        Assert.Contains("Nothing to do: format version 2 is in force", (await UpgradeAsync("finish")).Output, StringComparison.Ordinal);
        await AssertWritesNextAsync();
        await AssertOldRefusedAsync();
        await AssertNothingLostAsync();
    }

    /// <summary>What every silo writes soon: the log at once, states with their next flush, and the command that is new.</summary>
    private async Task AssertWritesNextAsync()
    {
        foreach (var silo in new[] { 0, 1, 2 })
        {
            await Eventually.GetAsync(() => PromiseAsync(silo), p => p.Code != "grid.upgrade_unfinished", "The process writes the version in force");
            await PushAsync(silo);
        }

        Assert.Equal([1, 2], await LogVersionsAsync());
        using var client = _silos[0]!.Client();
        await client.PostAsync<JsonElement>("/v1/operations/checkpoint", new { });
        var pages = await ReadAsync("select states from account_page", r => (byte[])r[0]);
        Assert.NotEmpty(pages);
        Assert.All(pages, p => Assert.Contains("version 2 was found; this build reads version 1",
            Assert.ThrowsAny<FormatException>(() => PartitionState.Unpack(p, _ => throw new InvalidOperationException()).ToList()).Message,
            StringComparison.Ordinal));
        Assert.Equal([0L], await ReadAsync("select count(*) from quarantined_record", r => r.GetInt64(0)));
    }

    private async Task AssertOldRefusedAsync()
    {
        var (status, said) = await GridProcess.RunAsync(_connection, "upgrade", "status");
        Assert.Equal(1, status);
        Assert.Contains("The upgrade to a later release was finished", said, StringComparison.Ordinal);
        await StopAsync(1);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartOldAsync(1));
        Assert.Contains("Format version 2 is in force in this grid, and this build", refused.Message, StringComparison.Ordinal);
        Assert.Contains("To go back, restore a backup from before.", refused.Message, StringComparison.Ordinal);
        await StartNextAsync(1);
    }

    private async Task AssertNothingLostAsync()
    {
        foreach (var silo in _silos)
        {
            using var client = silo!.Client();
            var amount = -_wh / 1000m * 0.5m;
            await Eventually.GetAsync(() => client.GetAsync<BalanceAnswer>("/v1/accounts/A1/balance"),
                b => decimal.Parse(b.Amount, System.Globalization.CultureInfo.InvariantCulture) == amount, $"The balance is {amount}");
        }

        var (status, said) = await RunNextAsync("audit", "--data", _silos[0]!.Data, "--url", _silos[0]!.Url);
        Assert.True(status == 0, said);
        Assert.DoesNotMatch(@"readings applied\s+0\b", said);
    }

    /// <summary>So many older silos stand against a finish, which changes nothing.</summary>
    private async Task AssertRefusedAsync(int older)
    {
        var (status, said) = await UpgradeAsync("finish");
        Assert.Equal(1, status);
        Assert.Contains($"The upgrade cannot be finished: {older} silo(s) do not read format version 2: ", said, StringComparison.Ordinal);
        Assert.Equal(older, said.Split(", reads 1 to 1").Length - 1);
        Assert.Equal(1, (await UpgradeAsync("status")).Status);
        Assert.Equal([1], await ReadAsync("select format_version from grid", r => r.GetInt32(0)));
    }

    private async Task RegisterAsync()
    {
        using var client = _silos[0]!.Client();
        await client.RegisterAsync("/v1/tariffs",
            new Domain.Rating.TariffDefinition { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });
        await client.RegisterAsync("/v1/gateways", new GatewayRequest("G1"));
        await client.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("A1", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await client.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("M1", "G1", "A1", DateTimeOffset.Parse("2026-03-01T00:00:00+08:00",
            System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>A kilowatt-hour more.</summary>
    private async Task PushAsync(int silo)
    {
        _wh += 1000;
        using var client = _silos[silo]!.Client();
        var at = DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", System.Globalization.CultureInfo.InvariantCulture).AddMinutes(_wh / 100);
        var answer = await client.PushAsync(JsonSerializer.SerializeToUtf8Bytes(new { meter = "M1", ts = at, value = _wh }));
        Assert.Equal(1, answer.Accepted);
    }

    /// <summary>Sends the command that counts as new in the newer build.</summary>
    private async Task<(int Status, string Code)> PromiseAsync(int silo)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _silos[silo]!.AdministratorKey) } };
        using var answer = await http.PostAsJsonAsync(_silos[silo]!.Url + "/v1/accounts/A1/promises", new { by = "2026-12-31" });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)answer.StatusCode, body.TryGetProperty("code", out var code) ? code.GetString()! : "");
    }

    /// <summary>Versions of the appends that lie in the log.</summary>
    private async Task<List<int>> LogVersionsAsync() =>
        [.. (await ReadAsync("select get_byte(payload, 8) from log_batch", r => r.GetInt32(0))).Select(b => b & 15).Distinct().Order()];

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> row)
    {
        await using var command = _database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    private Task<(int Status, string Output)> UpgradeAsync(string verb) => RunNextAsync("upgrade", verb);

    private Task<(int Status, string Output)> RunNextAsync(params string[] arguments) => ChildProcess.RunAsync(FaultMatrix.Program, arguments,
        Settings(Next).Append(("ConnectionStrings__AccountGrid", _connection)).ToDictionary(s => s.Item1, s => s.Item2));

    private async Task StartOldAsync(int silo) =>
        _silos[silo] = await GridProcess.StartAsync(Path.Combine(_folder.Path, $"silo{silo}"), _connection, null, Settings());

    private async Task StartNextAsync(int silo)
    {
        if (_silos[silo] is { } before)
        {
            await before.DisposeAsync();
        }

        _silos[silo] = await GridProcess.StartOfAsync(FaultMatrix.Program, Path.Combine(_folder.Path, $"silo{silo}"), _connection, null, Settings(Next));
    }

    private async Task StopAsync(int silo)
    {
        Assert.Equal(0, await _silos[silo]!.StopAsync());
        await _silos[silo]!.DisposeAsync();
        _silos[silo] = null;
    }

    private (string Name, string Value)[] Settings(params (string Name, string Value)[] more) =>
        [("Grid__Partitions", "4"), ("Grid__StatePeriodSeconds", "2"), ("Security__PersonalDataKey", _key), .. more];
}
