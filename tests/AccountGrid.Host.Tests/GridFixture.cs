using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Audit;
using AccountGrid.Host.Client;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(AccountGrid.Host.Tests.GridFixture))]

namespace AccountGrid.Host.Tests;

/// <summary>One grid in this process on a private server, with a clock that tests can move. Tests use ids of their own.</summary>
public sealed class GridFixture : IAsyncLifetime
{
    /// <summary>Further settings.</summary>
    public string[] More { get; init; } = [];

    private static readonly string[] Arguments = ["--Grid:Partitions=16", "--Grid:StatePeriodSeconds=2", "--Grid:SweepPeriodSeconds=1",
        "--Grid:EffectsRowsMax=20", "--Notices:FileProves=true", "--Security:StrangersPerSecond=0", "--Security:RequestsPerSecond=0"];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);

    /// <summary>How soon effects are written, ms: shorter than in life, so that tests wait less.</summary>
    public int EffectsPeriodMs { get; init; } = 50;

    public GridHost Host { get; private set; } = null!;

    public GridClient Admin { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public ShiftedTime Time { get; } = new();

    public NpgsqlDataSource Database => Host.Services.GetRequiredService<NpgsqlDataSource>();

    public async ValueTask InitializeAsync()
    {
        try
        {
            Host = await GridHost.StartAsync(
                new StartOptions(_folder, "http://127.0.0.1:0", [.. Arguments, $"--Grid:EffectsPeriodMs={EffectsPeriodMs}", .. More], Quiet: true, Time),
                Console.WriteLine);
        }
        catch (Exception)
        {
            // Nobody disposes of what did not start.
            Directory.Delete(_folder, recursive: true);
            throw;
        }

        Admin = new GridClient(Host.Url, Host.AdministratorKey);
        Http = WithKey(Host.AdministratorKey);
        await Admin.RegisterAsync("/v1/tariffs", Flat());
        await Admin.RegisterAsync("/v1/gateways", new GatewayRequest("G1"));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Admin.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static Domain.Rating.TariffDefinition Flat() => new() { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] };

    public HttpClient WithKey(string? key)
    {
        var http = new HttpClient { BaseAddress = new Uri(Host.Url) };
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    /// <summary>Opens an account with a meter; both have the id.</summary>
    public async Task OpenAsync(string id, string from = "2026-03-01T00:00:00+08:00", IReadOnlyList<string>? levels = null, long capacityW = 0,
        string gateway = "G1")
    {
        await Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, "flat", OpenedOn: new DateOnly(2026, 3, 1), LowBalanceLevels: levels));
        await Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest(id, gateway, id, DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture), CapacityW: capacityW));
    }

    public async Task<BatchAnswer> PushAsync(params (string Meter, string At, long Wh)[] readings) =>
        await Admin.PushAsync(Encoding.UTF8.GetBytes(string.Concat(readings.Select(r => $"{{\"meter\":\"{r.Meter}\",\"ts\":\"{r.At}\",\"value\":{r.Wh}}}\n"))));

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null, string? key = null,
        HttpClient? http = null)
    {
        using var request =
            new HttpRequestMessage(method, path) { Content = body switch { null => null, HttpContent c => c, _ => JsonContent.Create(body, body.GetType()) } };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await (http ?? Http).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonDocument.Parse(text).RootElement.Clone() : default);
    }

    public Task<BalanceAnswer> BalanceAsync(string id, string amount) =>
        Eventually.GetAsync(() => Admin.GetAsync<BalanceAnswer>($"/v1/accounts/{id}/balance"), b => b.Amount.StartsWith(amount, StringComparison.Ordinal),
            $"Balance {amount} of {id}");

    /// <summary>Every partition looks for what is due, now.</summary>
    public Task SweepAsync()
    {
        var grains = Host.Services.GetRequiredService<IGrainFactory>();
        return Task.WhenAll(Enumerable.Range(0, 16).Select(p => grains.GetGrain<IPartitionGrain>(p).Sweep()));
    }

    public async Task AssertAuditAsync()
    {
        await Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        var report = await new Auditor(Host.Services.GetRequiredService<AccountGrid.Streams.Postgres.LogServers>()).RunAsync();
        Assert.True(report.Differences.Count == 0, string.Join("\n", report.Differences));
        Assert.True(report.Accounts > 0);
    }
}
