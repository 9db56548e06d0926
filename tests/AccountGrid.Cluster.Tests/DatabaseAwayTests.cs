using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.LoadTest.Targets;
using AccountGrid.Testing;

namespace AccountGrid.Cluster.Tests;

/// <summary>Two silos whose database fails: an account's grain lives on either, and clients ask both. They see documented answers only.</summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private const int Accounts = 16;

    private readonly TestFolder _folder = new();
    private readonly List<GridProcess> _silos = [];
    private TestPostgres _postgres = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.Path);
        _postgres = await TestPostgres.StartAsync();
        _database = await _postgres.CreateDatabaseAsync();
        for (var i = 0; i < 2; i++)
        {
            _silos.Add(await GridProcess.StartAsync(Path.Combine(_folder.Path, $"silo{i}"), _database, null, Settings));
        }

        using var client = _silos[0].Client();
        await client.RegisterAsync("/v1/tariffs",
            new Domain.Rating.TariffDefinition { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });
        for (var i = 0; i < Accounts; i++)
        {
            await client.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest($"A{i}", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        }
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

    private static (string, string)[] Settings => [("Grid__Partitions", "8"), ("Grid__StatePeriodSeconds", "2"), ("Grid__DatabaseWaitSeconds", "60"),
        ("Security__PersonalDataKey", Convert.ToBase64String(new byte[32]))];

    [Fact]
    public async Task A_read_only_database_is_answered_503_on_every_silo_and_costs_no_memory()
    {
        await MakeReadOnlyAsync(true);
        await ReadyAsync(503);
        var seen = await AskAllAsync("readonly");
        Assert.Contains(503, seen);
        Assert.Subset(new HashSet<int> { 200, 201, 429, 503 }, seen);

        // A silo that starts now says what it waits for and joins when the database takes changes again.
        var starting = GridProcess.StartAsync(Path.Combine(_folder.Path, "silo2"), _database, null, Settings);
        await MakeReadOnlyAsync(false);
        _silos.Add(await starting);
        await ReadyAsync(200);
        await PaidAsync("readonly");
        Assert.All(_silos, s => Assert.DoesNotContain("its memory is dropped", s.Output, StringComparison.Ordinal));
        Assert.All(_silos, s => Assert.DoesNotContain("codec", s.Output, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_dead_database_is_answered_503_on_every_silo()
    {
        await _postgres.KillAsync();
        await ReadyAsync(503);
        var seen = await AskAllAsync("dead");
        Assert.Subset(new HashSet<int> { 200, 201, 429, 503 }, seen);
        Assert.Contains(503, seen);

        // A silo that starts now ends with one line.
        var (status, output) = await ChildProcess.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "accountgrid.dll"), ["serve", "--data", Path.Combine(_folder.Path, "late"), "--urls", "http://127.0.0.1:0"],
            new Dictionary<string, string> { ["ConnectionStrings__AccountGrid"] = _database, ["Grid__DatabaseWaitSeconds"] = "1" });
        Assert.Equal(2, status);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Contains("is not there after 1 s", output, StringComparison.Ordinal);

        await _postgres.StartAgainAsync();
        await ReadyAsync(200);
        await PaidAsync("dead");
        Assert.All(_silos, s => Assert.DoesNotContain("codec", s.Output, StringComparison.OrdinalIgnoreCase));
    }

    private Task MakeReadOnlyAsync(bool isReadOnly) => _postgres.ExecuteAsync(
        _database, "set default_transaction_read_only = off", $"alter system set default_transaction_read_only = {(isReadOnly ? "on" : "off")}",
        "select pg_reload_conf()");

    private async Task ReadyAsync(int status)
    {
        using var http = new HttpClient();
        foreach (var silo in _silos)
        {
            await Eventually.GetAsync(async () => (int)(await http.GetAsync(silo.Url + "/health/ready")).StatusCode, s => s == status,
                $"{silo.Url} says {status} of its readiness");
        }
    }

    /// <summary>A payment and a query for each account at each silo; the statuses that came, each "not now" with its Retry-After.</summary>
    private async Task<HashSet<int>> AskAllAsync(string round)
    {
        var seen = new HashSet<int>();
        foreach (var silo in _silos)
        {
            using var http = new HttpClient
            {
                BaseAddress = new Uri(silo.Url),
                Timeout = TimeSpan.FromMinutes(2),
                DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", silo.AdministratorKey) }
            };
            await Parallel.ForEachAsync(Enumerable.Range(0, Accounts), new ParallelOptions { MaxDegreeOfParallelism = Accounts }, async (i, cancel) =>
            {
                using var pay = new HttpRequestMessage(HttpMethod.Post, $"/v1/accounts/A{i}/payments")
                {
                    Content = JsonContent.Create(new PaymentRequest("1")),
                    Headers = { { "Idempotency-Key", $"{round}-{i}" } }
                };
                using var paid = await http.SendAsync(pay, cancel);
                using var balance = await http.GetAsync($"/v1/accounts/A{i}/balance", cancel);
                foreach (var response in new[] { paid, balance })
                {
                    Assert.True((int)response.StatusCode is not (429 or 503) || response.Headers.RetryAfter is not null, "Retry-After is missing.");
                    lock (seen)
                    {
                        seen.Add((int)response.StatusCode);
                    }
                }
            });
        }

        return seen;
    }

    /// <summary>The payments of a round, asked for again under their keys: each is there once.</summary>
    private async Task PaidAsync(string round)
    {
        foreach (var i in Enumerable.Range(0, Accounts))
        {
            await Eventually.GetAsync(
                async () =>
                {
                    await AskAsync(i);
                    using var client = _silos[1].Client();
                    return (await client.GetAsync<BalanceAnswer>($"/v1/accounts/A{i}/balance")).Amount;
                },
                amount => decimal.Parse(amount, CultureInfo.InvariantCulture) == 1,
                $"A{i} has its payment once");
        }

        async Task AskAsync(int i)
        {
            using var http = new HttpClient
            {
                BaseAddress = new Uri(_silos[0].Url),
                DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _silos[0].AdministratorKey) }
            };
            using var pay = new HttpRequestMessage(HttpMethod.Post, $"/v1/accounts/A{i}/payments")
            {
                Content = JsonContent.Create(new PaymentRequest("1")),
                Headers = { { "Idempotency-Key", $"{round}-{i}" } }
            };
            using var paid = await http.SendAsync(pay);
            Assert.Contains((int)paid.StatusCode, new[] { 201, 429, 503 });
        }
    }
}
