using System.Security.Cryptography;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>
/// Gateways, payers and watchers, who know only what they were told. The last two accounts are watched, on a flat rate; the others are on rates by the hour,
/// and the meter of the fourth from last goes to the third from last, in another partition, while it is being read.
/// </summary>
internal sealed class SimClients(SimWorld world, SimDatabase database, SimCluster cluster, SimFaults faults, SimProcess process, int accounts)
{
    public const int TouTariff = 1;
    public const int FlatTariff = 2;
    private const int IntervalMs = 900_000;
    private const int Steps = 14;
    private const int Cycles = 5;

    private readonly SimStore _ingest = new(database, process, default);
    private int _running;

    /// <summary>Energy of an account's readings by rate, all of which are acknowledged when the clients are done, Wh.</summary>
    public Dictionary<int, int[]> Energy { get; } = [];

    public List<SimPayment> Payments { get; } = [];

    public Dictionary<int, int> Crossings { get; } = [];

    public bool AreDone => _running == 0;

    public int Resent { get; private set; }

    public int Accounts => accounts;

    /// <summary>Three days and five hours ago: a local midnight lies in it, and its days are due to close while they are being filled.</summary>
    private long StartMs => world.Epoch - (77 * 3_600_000L);

    public static int PartitionOf(int account, int partitions) => account % partitions;

    public bool IsWatched(int account) => account > accounts - 2;

    /// <summary>Where the moving meter begins, and where it goes: accounts of two partitions.</summary>
    private int MovesFrom => accounts - 3;

    private int MovesTo => accounts - 2;

    /// <summary>Accounts and meters, as they are registered before the first reading.</summary>
    public void Register()
    {
        var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(StartMs).ToOffset(TimeSpan.FromHours(8)).DateTime).DayNumber;
        for (var a = 1; a <= accounts; a++)
        {
            var partition = PartitionOf(a, database.Partitions.Length);
            var tariff = IsWatched(a) ? FlatTariff : TouTariff;
            database.Append(
                [
                    new LogAppend(partition, 1,
                        LogRecords.Encode(StartMs,
                            new OpenAccount(a, $"A{a}", tariff, PaymentMode.Prepaid, day, 0, false, IsWatched(a) ? [Money.FromUnits(10)] : [])))]);
            Energy[a] = new int[3];
            if (a == MovesTo)
            {
                continue;
            }

            database.Append(
                [
                    new LogAppend(partition, 1,
                        LogRecords.Encode(StartMs, new InstallMeter(a, a, new MeterRating(50_000, 0, IntervalMs), StartMs, MeterFleet.StartWh)))]);
        }
    }

    public void Start()
    {
        for (var a = 1; a <= accounts; a++)
        {
            var account = a;
            if (account != MovesTo)
            {
                Begin(() => IsWatched(account) ? WatchAsync(account) : ReadAsync(account));
            }

            if (!IsWatched(account))
            {
                Begin(() => PayAsync(account));
            }
        }
    }

    private void Begin(Func<Task> work)
    {
        _running++;
        process.Start(async () =>
        {
            await work();
            _running--;
        });
    }

    private async Task ReadAsync(int meter)
    {
        var random = world.Random;
        var account = meter;
        var moves = meter == MovesFrom ? random.Next(2, Steps - 2) : -1;
        var held = new List<Reading>();
        var (wh, interval) = (MeterFleet.StartWh, 0);
        for (var step = 0; step < Steps; step++)
        {
            var batch = new List<Reading>();
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                var used = random.Next(1, 1_500);
                Energy[account][LoadTariff.TimeOfUse.RateAt(StartMs + ((long)interval * IntervalMs))] += used;
                wh += used;
                interval++;
                batch.Add(new Reading(meter, RegisterKind.Import, StartMs + ((long)interval * IntervalMs), wh, ReadingQuality.None, 0));
            }

            batch.AddRange(held);
            held.Clear();
            if (random.NextDouble() < faults.Late)
            {
                random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch));
                if (step < Steps - 1)
                {
                    held.AddRange(batch.Where(_ => random.Next(4) == 0));
                    batch.RemoveAll(held.Contains);
                }
            }

            await PushAsync(meter, batch);
            if (step == moves)
            {
                await MoveAsync(meter, StartMs + ((long)interval * IntervalMs), wh);
                account = MovesTo;
            }

            await process.DelayAsync(random.Next(50_000, 3_000_000));
        }
    }

    /// <summary>From an instant on it is another account's, in another partition: what comes late of the time before is still the first one's.</summary>
    private async Task MoveAsync(int meter, long atMs, long registerWh)
    {
        var (from, to) = (PartitionOf(MovesFrom, database.Partitions.Length), PartitionOf(MovesTo, database.Partitions.Length));
        var command = new ReleaseMeter(meter, MovesTo, to, atMs, registerWh);
        var result = await UntilKnownAsync(
            new LogAppend(from, 1, LogRecords.Encode(process.Time.GetUtcNow().ToUnixTimeMilliseconds(), command), new LogKey($"move{meter}", [1])));
        await ExpectAcceptedAsync(from, result.FirstPosition, $"The move of meter {meter}");
    }

    private async Task ExpectAcceptedAsync(int partition, long position, string what)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            try
            {
                if (await cluster.AskAsync(process, partition, a => a.OutcomeAsync(position)) is { } outcome)
                {
                    SimCheck.That(outcome.Accepted, $"{what} was refused: {outcome.Refusal}");
                    return;
                }
            }
            catch (Exception e) when (e is not SimViolation)
            {
                await process.DelayAsync(300_000);
            }
        }
    }

    private async Task PayAsync(int account)
    {
        var random = world.Random;
        for (var i = 0; i < 6; i++)
        {
            await PayAsync(new SimPayment($"p{account}.{i}", account, random.NextInt64(1, 500 * Money.NanoPerUnit)));
            await process.DelayAsync(random.Next(50_000, 5_000_000));
        }
    }

    /// <summary>Over the level, under it, and further under it: one message each time round.</summary>
    private async Task WatchAsync(int account)
    {
        long wh = MeterFleet.StartWh;
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await PayAsync(new SimPayment($"w{account}.{cycle}", account, (cycle == 0 ? 120 : 45) * Money.NanoPerUnit / 10));
            foreach (var (used, part) in new[] { (8_000, 1), (1_000, 2) })
            {
                wh += used;
                Energy[account][0] += used;
                await PushAsync(account,
                    [new Reading(account, RegisterKind.Import, StartMs + (((cycle * 2) + part) * 3_600_000L), wh, ReadingQuality.None, 0)]);
            }

            Crossings[account] = Crossings.GetValueOrDefault(account) + 1;
            await process.DelayAsync(world.Random.Next(50_000, 2_000_000));
        }
    }

    /// <summary>To the partition that the meter directory names; it may not know of a move yet.</summary>
    private async Task PushAsync(int meter, List<Reading> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var again = world.Random.NextDouble() < faults.Resends ? 1 : 0;
        do
        {
            var first = PartitionOf(meter, database.Partitions.Length);
            var route = world.Random.Next(2) == 0 ? first : database.MeterRoutes.GetValueOrDefault(meter, first);
            var append = new LogAppend(route, batch.Count, LogRecords.Encode(process.Time.GetUtcNow().ToUnixTimeMilliseconds(), batch.ToArray()));
            await UntilKnownAsync(append);
            Resent += again;
        }
        while (again-- > 0);
    }

    private async Task PayAsync(SimPayment payment)
    {
        Payments.Add(payment);
        var again = world.Random.NextDouble() < faults.Resends ? 1 : 0;
        do
        {
            var command = new TakePayment(payment.Account, new Money(payment.Nano), "counter", payment.Reference);
            var key = new LogKey(payment.Reference, SHA256.HashData(BitConverter.GetBytes(payment.Nano)));
            var partition = PartitionOf(payment.Account, database.Partitions.Length);
            var result = await UntilKnownAsync(new LogAppend(partition, 1, LogRecords.Encode(process.Time.GetUtcNow().ToUnixTimeMilliseconds(), command), key));
            await ExpectAcceptedAsync(partition, result.FirstPosition, payment.Reference);
            Resent += again;
        }
        while (again-- > 0);
    }

    private async Task<AppendResult> UntilKnownAsync(LogAppend append)
    {
        while (true)
        {
            try
            {
                return (await _ingest.AppendAsync([append]))[0];
            }
            catch (LogUnavailableException)
            {
                await process.DelayAsync(world.Random.Next(20_000, 500_000));
            }
        }
    }
}
