using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Cli;

/// <summary>
/// A small town for the demo: accounts behind gateways, ten days in a minute and a half. Gateways push through the HTTP API each on its own; customers who are
/// warned top up. Seeded, so that each run shows the same town.
/// </summary>
internal sealed class DemoWorld(GridClient admin, string noticeFile, TimeProvider time)
{
    public const int Accounts = 300;
    private const int MetersPerGateway = 50;
    private const int Days = 10;
    private const int StepMinutes = 15;
    private const int Seed = 20_260_731;

    /// <summary>What a customer pays in when warned, yuan.</summary>
    private const int TopUp = 50;

    private readonly ConcurrentDictionary<string, string> _lastEvents = new();
    private long _readings;
    private long _topUps;
    private long _warnings;

    public long Readings => Interlocked.Read(ref _readings);

    public long TopUps => Interlocked.Read(ref _topUps);

    public long Warnings => Interlocked.Read(ref _warnings);

    public DateTimeOffset SimulatedNow { get; private set; }

    /// <summary>What happened last to an account, for the table.</summary>
    public string LastEvent(string account) => _lastEvents.GetValueOrDefault(account, "");

    public static string AccountId(int number) => number.ToString("000", CultureInfo.InvariantCulture);

    public async Task BuildAsync()
    {
        await admin.RegisterAsync("/v1/tariffs", ExampleTariffs.All.First(t => t.Id == "demo-tou-tiered"));
        var from = Start();
        for (var g = 0; g < Accounts / MetersPerGateway; g++)
        {
            await admin.RegisterAsync("/v1/gateways", new GatewayRequest(GatewayId(g)));
        }

        await Parallel.ForEachAsync(Enumerable.Range(1, Accounts), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
        {
            var id = AccountId(n);
            var random = new Random(Seed + n);
            await admin.RegisterAsync("/v1/accounts",
                new OpenAccountRequest(id, "demo-tou-tiered", OpenedOn: DateOnly.FromDateTime(from.UtcDateTime), LowBalanceLevels: ["10", "3"]));
            await admin.RegisterAsync("/v1/meters",
                new InstallMeterRequest($"CN{n:000000000}", GatewayId((n - 1) / MetersPerGateway), id, from, 0, 20_000, 0, StepMinutes * 60));
            await admin.PostAsync<MoneyAnswer>($"/v1/accounts/{id}/payments",
                new PaymentRequest((20 + random.Next(60)).ToString(CultureInfo.InvariantCulture), "counter"), $"opening-{id}");
        });
    }

    /// <summary>Lets the days pass in so many seconds.</summary>
    public async Task RunAsync(int seconds, CancellationToken cancel)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var customers = CustomersAsync(done.Token);
        await Task.WhenAll(Enumerable.Range(0, Accounts / MetersPerGateway).Select(g => GatewayAsync(g, seconds, cancel)));
        await Task.Delay(TimeSpan.FromSeconds(2), time, cancel);
        await done.CancelAsync();
        await customers;
    }

    private async Task GatewayAsync(int gateway, int seconds, CancellationToken cancel)
    {
        var key = (await admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "demo", GatewayId(gateway)))).Key;
        using var client = new GridClient(admin.Url, key);
        var meters = Enumerable.Range((gateway * MetersPerGateway) + 1, MetersPerGateway).Select(n => new DemoMeter(n, new Random(Seed + (n * 7)))).ToList();
        var steps = Days * 24 * 60 / StepMinutes;
        var started = time.GetTimestamp();
        for (var step = 1; step <= steps && !cancel.IsCancellationRequested; step++)
        {
            var at = Start().AddMinutes(step * StepMinutes);
            var body = new StringBuilder();
            foreach (var meter in meters)
            {
                body.Append(CultureInfo.InvariantCulture,
                    $"{{\"meter\":\"CN{meter.Number:000000000}\",\"ts\":{at.ToUnixTimeMilliseconds()},\"value\":{meter.Next(at, StepMinutes)}}}\n");
            }

            var answer = await client.PushAsync(Encoding.UTF8.GetBytes(body.ToString()));
            Interlocked.Add(ref _readings, answer.Accepted);
            SimulatedNow = at;
            var due = (TimeSpan.FromSeconds(seconds) * step / steps) - time.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Reads the notices as they are delivered, and pays for those who were warned: most at once, some late.</summary>
    private async Task CustomersAsync(CancellationToken cancel)
    {
        var read = 0L;
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(400), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!File.Exists(noticeFile))
            {
                continue;
            }

            await using var file = new FileStream(noticeFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = read;
            using var reader = new StreamReader(file);
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                read += Encoding.UTF8.GetByteCount(line) + 1;
                await WarnedAsync(line);
            }
        }
    }

    private async Task WarnedAsync(string line)
    {
        using var notice = JsonDocument.Parse(line);
        var account = notice.RootElement.GetProperty("account").GetString()!;
        var id = notice.RootElement.GetProperty("id").GetString()!;
        var body = notice.RootElement.GetProperty("body");
        Interlocked.Increment(ref _warnings);
        _lastEvents[account] = $"warned at {Yuan(body.GetProperty("balance").GetString()!)}";
        if (int.Parse(account, CultureInfo.InvariantCulture) % 3 == 0
            && body.GetProperty("levelAmount").GetString()!.StartsWith("10.", StringComparison.Ordinal))
        {
            return;
        }

        await admin.PostAsync<MoneyAnswer>($"/v1/accounts/{account}/payments", new PaymentRequest(TopUp.ToString(CultureInfo.InvariantCulture), "wallet", id),
            $"top-up-{id}");
        Interlocked.Increment(ref _topUps);
        _lastEvents[account] = $"topped up {TopUp}";
    }

    private static string Yuan(string amount) => decimal.Parse(amount, CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture);

    private static string GatewayId(int gateway) => $"gateway-{gateway + 1}";

    private DateTimeOffset? _start;

    private DateTimeOffset Start()
    {
        var now = time.GetUtcNow();
        return _start ??= new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddDays(-Days);
    }
}
