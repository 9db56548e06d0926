using AccountGrid.Domain;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// A year of accounts on a clock of its own: real fold, real flushes, real outbox, real database; people who pay, pay in part, dispute and do not pay;
/// outages of the grid of hours and days, silos that die, stale twins that write. Judged afterwards by <see cref="YearJudge"/>.
/// </summary>
internal sealed class YearRun
{
    public static readonly DateTimeOffset Start = new(2025, 7, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>From one hour's work to the next, ms.</summary>
    public const long StepMs = Instants.MsPerHour;

    private const int PartitionsMax = 8;

    /// <summary>Accounts of one partition at least: each partition costs commits every hour.</summary>
    private const int PerPartitionMin = 30;
    private const long ReadingMs = 6 * Instants.MsPerHour;

    private readonly YearWorld _world;
    private readonly YearMessages _messages;
    private readonly YearChannels _channels;
    private readonly YearGateways _gateways;
    private readonly YearPayments _payments;
    private readonly YearStaff _staff;
    private readonly YearRelays _relays;
    private readonly YearCorrections _corrections;
    private readonly Random _random;
    private readonly int _days;
    private long _outageUntilMs;
    private long _sentAt;

    private YearRun(YearWorld world, YearMessages messages, YearChannels channels, int days)
    {
        (_world, _messages, _channels, _days) = (world, messages, channels, days);
        _random = new Random(world.Seed);
        _gateways = new YearGateways(world, _random);
        _payments = new YearPayments(world, channels);
        _staff = new YearStaff(world);
        _relays = new YearRelays(world, _staff);
        _corrections = new YearCorrections(world, channels);
        Changes = new YearChanges(world);
    }

    public IReadOnlyList<YearPerson> People => _world.People;

    /// <summary>What the grid did with a command that it should not have done.</summary>
    public IReadOnlyList<string> Wrong => _world.Wrong;

    public YearChanges Changes { get; }

    private YearGrid Grid => _world.Grid;

    public int ForeignRefused => _payments.ForeignRefused;

    public int Outages { get; private set; }

    public long EndMs { get; private set; }

    public static async Task<int> RunAsync(YearOptions options, CancellationToken cancel)
    {
        Console.WriteLine($"A year of {options.Accounts:N0} accounts over {options.Days} days, seed {options.Seed}.");
        var (clock, byId) = (new YearClock(Start), new Dictionary<string, YearPerson>());
        var messages = new YearMessages(options.Seed, byId);
        var tariffs = YearMarket.All.SelectMany(m => m.ToDefinitions()).DistinctBy(t => t.Id);
        var partitions = Math.Clamp(options.Accounts / PerPartitionMin, 1, PartitionsMax);
        await using var grid = await YearGrid.StartAsync(options.Data, partitions, clock, messages, tariffs);
        var world = new YearWorld(grid, clock, options.Seed, byId);
        var run = new YearRun(world, messages, await YearMoveIn.MoveInAsync(world, options.Accounts), options.Days);
        await run.LiveAsync(cancel);
        var judge = new YearJudge(grid, run);
        await judge.JudgeAsync(options.History);
        judge.Report();
        return judge.Violations.Count == 0 ? 0 : 1;
    }

    /// <summary>One seed of several numbers, the same in every process: the runtime's own hash codes differ from run to run.</summary>
    internal static int Mix(params ReadOnlySpan<int> numbers)
    {
        var mixed = 2_166_136_261u;
        foreach (var number in numbers)
        {
            for (var shift = 0; shift < 32; shift += 8)
            {
                mixed = unchecked((mixed ^ (uint)((number >> shift) & 0xff)) * 16_777_619u);
            }
        }

        return (int)(mixed & int.MaxValue);
    }

    private async Task LiveAsync(CancellationToken cancel)
    {
        var startMs = _world.Clock.NowMs;

        // The last morning's checks are over where the fees are.
        EndMs = startMs + (_days * Instants.MsPerDay) + (3 * Instants.MsPerHour);
        for (var at = startMs + StepMs; at <= EndMs; at += StepMs)
        {
            cancel.ThrowIfCancellationRequested();
            _world.Clock.MoveTo(at);
            await StepAsync(at, (at - startMs) / StepMs);
            if ((at - startMs) % (30 * Instants.MsPerDay) == 0)
            {
                Console.WriteLine(
                    $"  {DateTimeOffset.FromUnixTimeMilliseconds(at):yyyy-MM-dd}: {_world.People.Sum(p => p.Messages.Count):N0} messages, "
                        + $"{_world.People.Count(p => !p.HasSupply)} without supply, {Outages} outages, {Grid.Kills} kills");
            }
        }

        // What is on its way arrives: no outage at the very end.
        _outageUntilMs = 0;
        await WorkAsync(EndMs);
        await Grid.SettleAllAsync();
        await Grid.Bills.WriteAllAsync();
        for (var p = 0; p < Grid.Partitions; p++)
        {
            await Grid.FlushStatesAsync(p);
        }

        _world.Wrong.AddRange([.. await _channels.CheckAsync(), .. await YearItems.CheckAsync(Grid, People), .. await YearCycles.CheckAsync(Grid, People)]);
    }

    private async Task StepAsync(long at, long step)
    {
        if (step % (ReadingMs / StepMs) == 0)
        {
            _world.People.ForEach(p => p.Live(at));
        }

        if (at < _outageUntilMs)
        {
            return;
        }

        if (_random.NextDouble() < 1.0 / 600)
        {
            // The whole grid is down: hours often, days now and then.
            _outageUntilMs =
                at + (long)((_random.NextDouble() < 0.25 ? 24 + (_random.NextDouble() * 96) : 2 + (_random.NextDouble() * 10)) * Instants.MsPerHour);
            Outages++;
            return;
        }

        await WorkAsync(at);
        await FailAsync();
        if (step % 24 == 5)
        {
            for (var p = 0; p < Grid.Partitions; p++)
            {
                await Grid.FlushStatesAsync(p);
            }

            await Grid.Bills.WriteAllAsync();
        }
    }

    private async Task WorkAsync(long at)
    {
        await _gateways.PushAsync();
        await Grid.SettleAsync();
        await _payments.PayAsync(at);
        await SendAsync();
        await Grid.SettleAsync();
        await _relays.RelayAsync(at);
        await _staff.StaffAsync(at);
        await _corrections.CorrectAsync(at);
        await Changes.ChangeAsync(at);
        if (Grid.Records != _sentAt)
        {
            await Grid.SettleAsync();
            await SendAsync();
            await Grid.SettleAsync();
        }
    }

    private async Task SendAsync()
    {
        await Grid.SendAsync();
        _messages.Hear(_world.Clock.NowMs);
        _sentAt = Grid.Records;
    }

    private async Task FailAsync()
    {
        if (_random.NextDouble() < 1.0 / 40)
        {
            await Grid.KillAsync(_random.Next(Grid.Partitions), leavesTwin: _random.Next(2) == 0);
        }
    }
}
