using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.LoadTest.Faults;

/// <summary>
/// Gateways that push, payers that pay, channels with books of their own, and watchers whose accounts go up and down through a level, all of whom keep their
/// own record. They send again what was not answered, send twice what was, give up now and then, shuffle, hold back and overlap.
/// </summary>
internal sealed class FaultLoad(FaultGrid grid, FaultHistory history, int seed) : IAsyncDisposable
{
    private const int Gateways = 8;
    private const int MetersPerGateway = 20;
    private const int Payers = 3;
    private const int Watchers = 10;

    /// <summary>Meter time between two readings of a gateway's meters, and of a watcher's.</summary>
    private const int StepMs = 20_000;
    private const int WatcherStepMs = 3_600_000;

    private readonly FaultGate _gate = new();
    private readonly FaultClient _client = new(grid, history);
    private readonly long[] _lastTaken = new long[Gateways];
    private readonly List<Task> _running = [];
    private long _start;
    private long _lastAnswer = TimeProvider.System.GetTimestamp();
    private long _longestStall;
    private int _payment;
    private volatile int _loud = -1;

    public FaultHistory History { get; } = history;

    public FaultReceiver Receiver { get; private set; } = null!;

    /// <summary>A gateway that pushes as fast as it can; -1 is none.</summary>
    public int Loud
    {
        get => _loud;
        set => _loud = value;
    }

    /// <summary>Registers everybody, while nothing is broken yet.</summary>
    public async Task PrepareAsync(FaultReceiver receiver)
    {
        Receiver = receiver;
        var now = TimeProvider.System.GetUtcNow();
        _start = now.AddDays(-2).AddHours(-3).ToUnixTimeMilliseconds();
        using var client = new GridClient(grid.Urls[0], grid.Key);
        await client.RegisterAsync("/v1/tariffs", LoadTariff.Flat.Definition());
        for (var g = 0; g <= Gateways; g++)
        {
            await client.RegisterAsync("/v1/gateways", new GatewayRequest($"FG{g}"));
        }

        var lines = new List<RegistrationLine>();
        for (var m = 0; m < Gateways * MetersPerGateway; m++)
        {
            lines.Add(Line($"FM{m:000}", $"FA{m:000}", m / MetersPerGateway, DateTimeOffset.FromUnixTimeMilliseconds(_start), 20_000, StepMs, null));
        }

        for (var w = 0; w < Watchers; w++)
        {
            lines.Add(Line($"WM{w:000}", $"WA{w:000}", Gateways, now.AddDays(-60), 100_000, WatcherStepMs, "10"));
        }

        History.Seats.AddRange(await ChannelSeat.PrepareAsync(client));
        var answer = await client.RegisterManyAsync(lines);
        if (answer.Errors.Count > 0)
        {
            throw new InvalidOperationException($"Registration was refused: {answer.Errors[0].Detail}");
        }
    }

    public void Start()
    {
        for (var g = 0; g < Gateways; g++)
        {
            var gateway = g;
            _running.Add(Task.Run(() => GatewayAsync(gateway)));
        }

        for (var p = 0; p < Payers; p++)
        {
            var payer = p;
            _running.Add(Task.Run(() => PayerAsync(payer)));
        }

        foreach (var (i, seat) in History.Seats.Index())
        {
            _running.Add(Task.Run(new ChannelPayer(_gate, _client, History, seat, HashCode.Combine(seed, 41) ^ (i * 15_485_863)).RunAsync));
        }

        var watchersFrom = TimeProvider.System.GetUtcNow().AddDays(-60).ToUnixTimeMilliseconds();
        for (var w = 0; w < Watchers; w++)
        {
            var watcher = w;
            _running.Add(Task.Run(() => WatcherAsync(watcher, watchersFrom)));
        }
    }

    /// <summary>Everybody finishes what is under way and rests. Throws <see cref="TimeoutException"/> if somebody cannot.</summary>
    public Task PauseAsync(TimeSpan patience) => _gate.PauseAsync(patience, _running);

    public void Resume() => _gate.Resume();

    /// <summary>Waits until every gateway has been answered again since a moment; returns how long that took.</summary>
    public async Task<TimeSpan> RecoveryAsync(long since, TimeSpan patience)
    {
        while (_lastTaken.Any(at => Volatile.Read(ref at) < since))
        {
            if (TimeProvider.System.GetElapsedTime(since) > patience)
            {
                return patience;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        return TimeProvider.System.GetElapsedTime(since, _lastTaken.Max());
    }

    /// <summary>Longest time in which no gateway was answered, since it was last begun to be measured.</summary>
    public TimeSpan LongestStall => TimeSpan.FromTicks(Math.Max(Volatile.Read(ref _longestStall),
        TimeProvider.System.GetElapsedTime(Volatile.Read(ref _lastAnswer)).Ticks));

    public void BeginStall()
    {
        Volatile.Write(ref _lastAnswer, TimeProvider.System.GetTimestamp());
        Volatile.Write(ref _longestStall, 0);
    }

    /// <summary>All gateways at once send again what they sent last, several times over.</summary>
    public Task StormAsync(int times) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Gateways * times), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
    {
        var gateway = i % Gateways;
        var lines = History.Meters.Where(m => m.Id.StartsWith('F')).Skip(gateway * MetersPerGateway).Take(MetersPerGateway).Where(m => m.TakenWh > 0)
            .Select(m => LastLines.GetValueOrDefault(m.Id)).OfType<string>();
        await PushOnceAsync([.. lines]);
    });

    public async ValueTask DisposeAsync()
    {
        await _gate.EndAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _gate.Dispose();
    }

    private System.Collections.Concurrent.ConcurrentDictionary<string, string> LastLines { get; } = new();

    private RegistrationLine Line(string meter, string account, int gateway, DateTimeOffset installed, long capacity, int stepMs, string? level)
    {
        History.Meters.Add(new FaultMeter(meter, account));
        var opened = DateOnly.FromDateTime(installed.ToOffset(TimeSpan.FromHours(8)).DateTime);
        var open = new OpenAccountRequest(account, LoadTariff.Flat.Id, OpenedOn: opened, LowBalanceLevels: level is null ? null : [level]);
        return new RegistrationLine(open, new InstallMeterRequest(meter, $"FG{gateway}", account, installed, MeterFleet.StartWh, capacity, 0, stepMs / 1000));
    }

    private async Task GatewayAsync(int gateway)
    {
        var random = new Random(HashCode.Combine(seed, 17) ^ (gateway * 7919));
        var meters = History.Meters.Skip(gateway * MetersPerGateway).Take(MetersPerGateway).ToList();
        var held = new List<(FaultMeter Meter, long Wh, string Line)>();
        for (var step = 1; await _gate.EnterAsync(); step++)
        {
            try
            {
                var batch = new List<(FaultMeter Meter, long Wh, string Line)>();
                foreach (var meter in meters)
                {
                    meter.MadeWh += random.Next(1, 15);
                    var line = LineOf(meter, _start + ((long)step * StepMs));
                    batch.Add((meter, meter.MadeWh, line));
                    LastLines[meter.Id] = line;
                }

                // What was held back comes now, late and out of order; some of this is held back in turn.
                batch.AddRange(held);
                held.Clear();
                if (random.Next(10) == 0)
                {
                    held.AddRange(batch.Where(_ => random.Next(8) == 0));
                    batch.RemoveAll(held.Contains);
                }

                if (random.Next(5) == 0)
                {
                    random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch));
                }

                var outcome = await PushAsync([.. batch.Select(b => b.Line)], givesUp: random.Next(50) == 0);
                foreach (var (meter, wh, _) in batch)
                {
                    if (outcome == Outcome.Taken)
                    {
                        meter.Take(wh);
                    }
                    else
                    {
                        meter.GiveUp(wh);
                    }
                }

                if (outcome == Outcome.Taken)
                {
                    Interlocked.Add(ref History.Readings, batch.Count);
                    Answered(gateway);
                    if (random.Next(10) == 0)
                    {
                        Interlocked.Increment(ref History.Resent);
                        await PushOnceAsync([.. batch.Select(b => b.Line)]);
                    }
                }
            }
            finally
            {
                _gate.Leave();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(_loud == gateway ? 2 : 300), TimeProvider.System);
        }
    }

    private void Answered(int gateway)
    {
        var now = TimeProvider.System.GetTimestamp();
        Volatile.Write(ref _lastTaken[gateway], now);
        var stall = TimeProvider.System.GetElapsedTime(Interlocked.Exchange(ref _lastAnswer, now), now).Ticks;
        if (stall > Volatile.Read(ref _longestStall))
        {
            Volatile.Write(ref _longestStall, stall);
        }
    }

    private async Task PayerAsync(int payer)
    {
        var random = new Random(HashCode.Combine(seed, 29) ^ (payer * 104_729));
        while (await _gate.EnterAsync())
        {
            try
            {
                var account = $"FA{random.Next(Gateways * MetersPerGateway):000}";
                var payment = new PaymentMade($"p{Interlocked.Increment(ref _payment)}", account, random.Next(1, 5_000) / 100m);
                await PayAsync(payment, givesUp: random.Next(20) == 0);
                if (payment.Outcome == Outcome.Taken && random.Next(10) == 0)
                {
                    Interlocked.Increment(ref History.Resent);
                    await PayOnceAsync(payment, payment.Amount);
                    if (await PayOnceAsync(payment, payment.Amount + 1) is HttpStatusCode.OK or HttpStatusCode.Created)
                    {
                        History.Impossible.Enqueue($"{payment.Reference}: its key was taken a second time with another amount");
                    }
                }
            }
            finally
            {
                _gate.Leave();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>
    /// Pays above the level, sees the payment in the balance at once, uses energy until the balance is below it, and waits for the one message.
    /// </summary>
    private async Task WatcherAsync(int watcher, long from)
    {
        var meter = History.Meters.First(m => m.Id == $"WM{watcher:000}");
        var balance = 0m;
        for (var step = 1; await _gate.EnterAsync(); step++)
        {
            try
            {
                var payment = new PaymentMade($"w{watcher}-{step}", meter.Account, step == 1 ? 12m : 4m);
                await PayAsync(payment, givesUp: false);
                balance += payment.Amount;
                await SeesAsync(meter.Account, balance, payment.Position);
                meter.MadeWh += 8_000;
                var line = LineOf(meter, from + ((long)step * WatcherStepMs));
                if (await PushAsync([line], givesUp: false) == Outcome.Taken)
                {
                    meter.Take(meter.MadeWh);
                    balance -= 4m;
                    History.Crossings.AddOrUpdate(meter.Account, 1, (_, n) => n + 1);
                    var began = TimeProvider.System.GetTimestamp();
                    if (await Receiver.WaitAsync(meter.Account, History.Crossings[meter.Account], TimeSpan.FromSeconds(60)))
                    {
                        History.SlowestNoticeMs = Math.Max(History.SlowestNoticeMs, TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
                    }
                }
            }
            finally
            {
                _gate.Leave();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    /// <summary>A payment that was acknowledged is in the balance that is asked for next, through whichever silo.</summary>
    private async Task SeesAsync(string account, decimal balance, long position)
    {
        while (!_gate.IsEnding)
        {
            try
            {
                using var response = await _client.SendAsync(HttpMethod.Get, $"/v1/accounts/{account}/balance?after={position}", null, _gate.Ending);
                if (response.IsSuccessStatusCode)
                {
                    var seen = decimal.Parse((await response.Content.ReadFromJsonAsync<BalanceAnswer>())!.Amount, CultureInfo.InvariantCulture);
                    if (seen != balance)
                    {
                        History.Impossible.Enqueue($"{account}: {balance} after an acknowledged payment, but a query answered {seen}");
                    }

                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                // Asked again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private string LineOf(FaultMeter meter, long at) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"meter\":\"{meter.Id}\",\"ts\":{at},\"value\":{MeterFleet.StartWh + meter.MadeWh}}}");

    private async Task<Outcome> PushAsync(string[] lines, bool givesUp)
    {
        while (!_gate.IsEnding)
        {
            if (await PushOnceAsync(lines))
            {
                return Outcome.Taken;
            }

            if (givesUp)
            {
                Interlocked.Increment(ref History.GivenUp);
                return Outcome.Unknown;
            }

            Interlocked.Increment(ref History.Retried);
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System);
        }

        return Outcome.Unknown;
    }

    private async Task<bool> PushOnceAsync(string[] lines)
    {
        if (lines.Length == 0)
        {
            return true;
        }

        try
        {
            var content = new StringContent(string.Join('\n', lines), Encoding.UTF8);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var response = await _client.SendAsync(HttpMethod.Post, "/v1/readings", content, _gate.Ending);
            if (response.StatusCode is HttpStatusCode.TooManyRequests)
            {
                Interlocked.Increment(ref History.Refusals);
            }

            if (response.StatusCode is not HttpStatusCode.OK and not HttpStatusCode.UnprocessableEntity)
            {
                return false;
            }

            var answer = (await response.Content.ReadFromJsonAsync<BatchAnswer>())!;
            if (answer.Rejected > 0)
            {
                History.Impossible.Enqueue($"a reading was refused: {answer.Errors[0].Code} {answer.Errors[0].Detail}");
            }

            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }

    private async Task PayAsync(PaymentMade payment, bool givesUp)
    {
        History.Payments[payment.Reference] = payment;
        while (!_gate.IsEnding)
        {
            var status = await PayOnceAsync(payment, payment.Amount);
            if (status is HttpStatusCode.OK or HttpStatusCode.Created)
            {
                payment.Outcome = Outcome.Taken;
                return;
            }

            if (status is { } definite && (int)definite is >= 400 and < 500 and not 408 and not 429)
            {
                History.Impossible.Enqueue($"{payment.Reference}: a payment was refused with {(int)definite}");
                payment.Outcome = Outcome.Refused;
                return;
            }

            if (givesUp)
            {
                Interlocked.Increment(ref History.GivenUp);
                return;
            }

            Interlocked.Increment(ref History.Retried);
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System);
        }
    }

    private async Task<HttpStatusCode?> PayOnceAsync(PaymentMade payment, decimal amount)
    {
        try
        {
            var content = JsonContent.Create(new PaymentRequest(amount.ToString(CultureInfo.InvariantCulture), "counter", payment.Reference));
            using var response = await _client.SendAsync(
                HttpMethod.Post, $"/v1/accounts/{payment.Account}/payments", content, _gate.Ending, idempotencyKey: payment.Reference);
            if (response.IsSuccessStatusCode)
            {
                var position = (await response.Content.ReadFromJsonAsync<MoneyAnswer>())!.Position;
                if (payment.Position >= 0 && payment.Position != position)
                {
                    History.Impossible.Enqueue($"{payment.Reference}: answered once with position {payment.Position} and once with {position}");
                }

                payment.Position = position;
            }

            return response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }
}
