using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Testing;

namespace AccountGrid.Cluster.Tests;

/// <summary>One of two silos is stopped as an operator stops it, under questions and open streams.</summary>
public sealed class StopTests : IAsyncLifetime
{
    private const int Accounts = 16;

    private readonly TestFolder _folder = new();
    private readonly List<GridProcess> _silos = [];
    private TestPostgres _postgres = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.Path);
        _postgres = await TestPostgres.StartAsync();
        var database = await _postgres.CreateDatabaseAsync();
        for (var i = 0; i < 2; i++)
        {
            _silos.Add(
                await GridProcess.StartAsync(Path.Combine(_folder.Path, $"silo{i}"), database, null, ("Grid__Partitions", "16"),
                    ("Security__PersonalDataKey", Convert.ToBase64String(new byte[32]))));
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

    [Fact]
    public async Task A_silo_that_stops_ends_its_streams_and_those_of_the_other_silo_go_on()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var stopped = HttpOf(0);
        using var kept = HttpOf(1);
        var ended = await StreamAsync(stopped, 0, end.Token);
        var streams = new List<StreamReader>();
        for (var i = 0; i < Accounts; i++)
        {
            streams.Add(await StreamAsync(kept, i, end.Token));
        }

        using var asking = new CancellationTokenSource();
        var seen = new ConcurrentDictionary<int, int>();
        var questions = AskAsync(kept, seen, asking.Token);
        Assert.Equal(0, await _silos[0].StopAsync());
        await asking.CancelAsync();
        await questions;

        // A stream of the silo that stopped has ended, not broken; nothing of it is in the log as an error.
        while (await ended.ReadLineAsync(end.Token) is not null)
        {
        }

        Assert.DoesNotContain(" error ", _silos[0].Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nhandled", _silos[0].Output, StringComparison.Ordinal);
        Assert.Subset(new HashSet<int> { 200, 429, 503 }, seen.Keys.ToHashSet());

        // Accounts that lived on either silo: the same streams tell of what happens now.
        for (var i = 0; i < Accounts; i++)
        {
            await PayAsync(kept, i);
            string? line;
            do
            {
                line = await streams[i].ReadLineAsync(end.Token);
                Assert.NotNull(line);
            }
            while (!line.Contains("\"amount\":\"7.000000000\"", StringComparison.Ordinal));
        }
    }

    private static async Task AskAsync(HttpClient http, ConcurrentDictionary<int, int> seen, CancellationToken cancel)
    {
        for (var i = 0; !cancel.IsCancellationRequested; i = (i + 1) % Accounts)
        {
            using var response = await http.GetAsync($"/v1/accounts/A{i}/balance", CancellationToken.None);
            seen.AddOrUpdate((int)response.StatusCode, 1, (_, n) => n + 1);
        }
    }

    private static async Task PayAsync(HttpClient http, int account)
    {
        await Eventually.GetAsync(
            async () =>
            {
                using var pay = new HttpRequestMessage(HttpMethod.Post,
                    $"/v1/accounts/A{account}/payments")
                {
                    Content = JsonContent.Create(new PaymentRequest("7")),
                    Headers = { { "Idempotency-Key", $"stop-{account}" } }
                };
                using var paid = await http.SendAsync(pay);
                return (int)paid.StatusCode;
            },
            status => status == 201,
            $"A{account} is paid");
    }

    private static async Task<StreamReader> StreamAsync(HttpClient http, int account, CancellationToken cancel)
    {
        var response = await http.GetAsync($"/v1/accounts/A{account}/stream", HttpCompletionOption.ResponseHeadersRead, cancel);
        Assert.True(response.IsSuccessStatusCode);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (!(await reader.ReadLineAsync(cancel))!.StartsWith("data: ", StringComparison.Ordinal))
        {
        }

        return reader;
    }

    private HttpClient HttpOf(int silo) =>
        new()
        {
            BaseAddress = new Uri(_silos[silo].Url),
            Timeout = TimeSpan.FromMinutes(2),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _silos[silo].AdministratorKey) }
        };
}
