using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Events;
using AccountGrid.Host.Http;
using AccountGrid.Host.Webhooks;
using AccountGrid.Testing;

namespace AccountGrid.Cluster.Tests;

/// <summary>The silo that sends is killed while requests are under way; the other one goes on.</summary>
public sealed class WebhookKillTests : IAsyncLifetime
{
    private const int Accounts = 20;
    private const int Payments = 200;

    private readonly TestFolder _folder = new();
    private readonly List<GridProcess> _silos = [];
    private TestPostgres _postgres = null!;
    private WebhookReceiver _receiver = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.Path);
        _postgres = await TestPostgres.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        _database = await _postgres.CreateDatabaseAsync();
        await StartAsync();
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

        await _receiver.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_silo_that_is_killed_while_it_sends_loses_no_event_and_repeats_carry_the_same_id()
    {
        // The only silo holds the webhook.
        using var first = _silos[0].Client();
        await first.PostAsync<WebhookSecretAnswer>("/v1/webhooks", new WebhookRequest(_receiver.Url, ["payment.taken"], Ordered: true));
        await StartAsync();
        var killed = new TaskCompletionSource();
        _receiver.Answer = async (_, _) =>
        {
            // From the 20th on nothing is answered until the sender is dead: it cannot know what was taken.
            if (_receiver.Received.Count >= 20)
            {
                await killed.Task;
            }
        };
        using var http = HttpOf(1);
        var paid = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Payments), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancel) =>
        {
            if (i == Payments / 2)
            {
                await Eventually.GetAsync(() => Task.FromResult(_receiver.Received.Count), n => n >= 20, "Requests are under way");
                await _silos[0].KillAsync();
                killed.SetResult();
            }

            paid.Add(await PayAsync(http, i));
        });
        var taken = await Eventually.GetAsync(
            () => Task.FromResult(_receiver.Taken()), t => t.Select(r => r.Id).Distinct().Count() >= Payments, "Every payment's event is taken");
        Assert.Equal(paid.Order(), taken.Select(t => t.Id[..t.Id.LastIndexOf('-')]).Distinct().Order());

        // Something was under way when the sender died: it came again, byte for byte.
        Assert.True(_receiver.Received.Count > Payments, "Nothing was repeated: the silo was not killed while it sent.");
        Assert.All(_receiver.Received.GroupBy(r => r.Id), g => Assert.Single(g.Select(r => Convert.ToHexString(r.Body)).Distinct()));

        // First times are in the order of each account.
        foreach (var account in _receiver.Received.DistinctBy(r => r.Id).GroupBy(r => r.Account))
        {
            var positions = account.Select(r => long.Parse(r.Id.Split('-')[1], null)).ToList();
            Assert.Equal(positions.Order(), positions);
        }

        // The list of events, read by pages from the silo that is left, has the same.
        var listed = new List<string>();
        Page<CloudEvent>? page = null;
        do
        {
            page = await http.GetFromJsonAsync<Page<CloudEvent>>($"/v1/events?kind=payment.taken&limit=30{(page is null ? "" : $"&after={page.NextCursor}")}");
            listed.AddRange(page!.Data.Select(e => e.Id));
        }
        while (page.HasMore);
        Assert.Equal(taken.Select(t => t.Id).Distinct().Order(), listed.Order());
    }

    private static async Task<string> PayAsync(HttpClient http, int i)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/accounts/A{i % Accounts}/payments")
            {
                Content = JsonContent.Create(new PaymentRequest("1")),
            };
            request.Headers.Add("Idempotency-Key", $"payment-{i}");
            using var response = await http.SendAsync(request);
            if (response.IsSuccessStatusCode)
            {
                return (await response.Content.ReadFromJsonAsync<MoneyAnswer>())!.Id;
            }

            // The partitions of the silo that was killed wake on the other one.
            Assert.Contains((int)response.StatusCode, new[] { 429, 503 });
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private async Task StartAsync() => _silos.Add(
        await GridProcess.StartAsync(Path.Combine(_folder.Path, $"silo{_silos.Count}"), _database, null, ("Grid__Partitions", "16"),
            ("Security__PersonalDataKey", Convert.ToBase64String(new byte[32])), ("Security__RequestsPerSecond", "0"), ("Events__AllowPrivate", "true"),
            ("Events__RetrySeconds", "1"), ("Events__TimeoutSeconds", "5")));

    private HttpClient HttpOf(int silo)
    {
        var http = new HttpClient { BaseAddress = new Uri(_silos[silo].Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _silos[silo].AdministratorKey);
        return http;
    }
}
