using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;
using AccountGrid.Host.Supply;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>A grid whose clock goes by days.</summary>
public sealed class CustomerGrid : IAsyncLifetime
{
    private readonly Dictionary<string, (DateTimeOffset At, long Wh)> _registers = [];

    public GridFixture Grid { get; init; } = new();

    public string GatewayKey { get; private set; } = "";

    public string OtherGatewayKey { get; private set; } = "";

    public string SecondKey { get; private set; } = "";

    private DateTimeOffset Now => Grid.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        // A morning in the middle of the shipped calendars, so that tests mean the same whenever they run.
        Grid.Time.Shift(new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.Zero) - Now);
        await Grid.InitializeAsync();
        GatewayKey = (await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "G1's", "G1"))).Key;
        OtherGatewayKey = (await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "G2's", "G2"))).Key;
        SecondKey = (await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("administrator", "second"))).Key;
    }

    public ValueTask DisposeAsync() => Grid.DisposeAsync();

    public async Task OpenAsync(string id, string mode, string policy, string[] traits, string? consent = null)
    {
        var day = DateOnly.FromDateTime(Now.ToOffset(TimeSpan.FromHours(8)).DateTime);
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8));
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, "flat", Mode: mode, OpenedOn: day));
        await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest(id, "G1", id, from));
        _registers[id] = (from, 0);
        var (status, body) = await Grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/customer", new CustomerRequest(policy, Traits: traits, Consent: consent));
        Assert.True(status == 200, body.ToString());
    }

    public async Task ContactAsync(string id, string language, string area) =>
        Assert.Equal(200,
            (await Grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/contact", new ContactRequest(language, [new ContactChannel("file", "")], area))).Status);

    public async Task PayAsync(string id, string amount) =>
        Assert.Equal(201,
            (await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{id}/payments", new PaymentRequest(amount), key: $"{id}-{Guid.NewGuid():N}")).Status);

    public Task<CustomerAnswer> CustomerAsync(string id) => Grid.Admin.GetAsync<CustomerAnswer>($"/v1/accounts/{id}/customer");

    public Task<List<NoticeAnswer>> NoticesAsync(string id, Func<List<NoticeAnswer>, bool> isRight) =>
        Eventually.GetAsync(() => Grid.Admin.ListAsync<NoticeAnswer>($"/v1/accounts/{id}/notices"), isRight, $"Notices of {id}");

    public async Task<List<RelayCommand>> CommandsAsync(HttpClient gateway, int wait = 0)
    {
        using var response = await gateway.GetAsync($"/v1/gateways/G1/commands?wait={wait}");
        response.EnsureSuccessStatusCode();
        return [.. (await response.Content.ReadFromJsonAsync<RelayCommandsAnswer>())!.Commands];
    }

    /// <summary>The next command for a meter, as a gateway waits for it.</summary>
    public async Task<RelayCommand> NextAsync(HttpClient gateway, string meter, int after)
    {
        while (true)
        {
            if ((await CommandsAsync(gateway, wait: 20)).Find(c => c.Meter == meter && c.Sequence > after) is { } command)
            {
                return command;
            }
        }
    }

    public async Task<string?> ReportAsync(HttpClient gateway, RelayCommand command, string state)
    {
        using var response =
            await gateway.PostAsJsonAsync("/v1/gateways/G1/relays", new RelayReportsRequest([new RelayReport(command.Meter, command.Sequence, state, Now)]));
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<RelayReportsAnswer>())!.Results[0].Code;
    }

    public async Task<(int Status, string? Code)> CodeAsync(HttpMethod method, string path, object? body = null, HttpClient? http = null, string? key = null)
    {
        var (status, answer) = await Grid.SendAsync(method, path, body, key, http);
        return (status, answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("code", out var code) ? code.GetString() : null);
    }

    public Task LiveAsync(string id, int days, long whPerDay) => LiveAsync([id], days, whPerDay);

    public Task LiveAsync(IReadOnlyList<string> ids, int days, long whPerDay) => LiveAsync(ids, days * 4, whPerDay, () => Task.FromResult(false));

    /// <summary>Lives in steps of half an hour until the clock in Shanghai shows an hour.</summary>
    public async Task UntilHourAsync(string id, int hour, long whPerDay) =>
        Assert.True(await LiveAsync([id], 48, whPerDay, () => Task.FromResult(Now.ToOffset(TimeSpan.FromHours(8)).Hour == hour), TimeSpan.FromMinutes(30)));

    public Task UntilAsync(string id, Func<CustomerAnswer, bool> isRight, int days, long whPerDay) => UntilAllAsync([id], isRight, days, whPerDay);

    public async Task UntilAllAsync(IReadOnlyList<string> ids, Func<CustomerAnswer, bool> isRight, int days, long whPerDay)
    {
        var reached = await LiveAsync(ids, days * 48, whPerDay, async () =>
        {
            foreach (var id in ids)
            {
                if (!isRight(await CustomerAsync(id)))
                {
                    return false;
                }
            }

            return true;
        }, TimeSpan.FromMinutes(30));
        Assert.True(reached,
            $"It did not come in {days} days: {JsonSerializer.Serialize(await CustomerAsync(ids[0]))} "
                + $"{JsonSerializer.Serialize(await Grid.Admin.GetAsync<InterlockAnswer>($"/v1/accounts/{ids[0]}/interlock"))}");
    }

    public async Task LiveUntilBillAsync(string id, long whPerDay)
    {
        async Task<bool> HasBill() => (await Grid.Admin.ListAsync<BillAnswer>($"/v1/accounts/{id}/bills")).Count > 0;
        Assert.True(await LiveAsync([id], 45 * 4, whPerDay, HasBill), "No bill came in 45 days.");
    }

    /// <summary>Time goes on in steps; meters report at each; every step waits until what is due was done.</summary>
    private async Task<bool> LiveAsync(IReadOnlyList<string> ids, int steps, long whPerDay, Func<Task<bool>> isThere, TimeSpan? step = null)
    {
        var length = step ?? TimeSpan.FromHours(6);
        for (var i = 0; i < steps; i++)
        {
            Grid.Time.Shift(length);
            var readings = new List<(string, string, long)>();
            foreach (var id in ids)
            {
                var (_, wh) = _registers[id];
                wh += (whPerDay * length.Ticks / TimeSpan.TicksPerDay) + (i % 5);
                _registers[id] = (Now, wh);
                readings.Add((id, Now.AddMinutes(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), wh));
            }

            await Grid.PushAsync([.. readings]);
            await SettleAsync();
            if (await isThere())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Folds, sweeps and flushes everything, and lets what may go out go out.</summary>
    private async Task SettleAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            await Grid.SweepAsync();
            await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
            await using var queued =
                Grid.Database.CreateCommand(
                    "select count(*) from outbox where state = 'queued' and (message is null or next_attempt_at <= $1 + interval '10 seconds')");
            queued.Parameters.Add(new() { Value = Now.UtcDateTime });
            await Eventually.GetAsync(async () => (long)(await queued.ExecuteScalarAsync())!, n => n == 0, "An empty queue");
        }
    }
}
