using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Policies;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// A year of accounts on a clock of its own: real fold, real flushes, real outbox, real database; people who pay, pay in part, dispute and do not pay;
/// outages of the grid of hours and days, silos that die, stale twins that write. Judged afterwards by <see cref="YearJudge"/>.
/// </summary>
internal sealed partial class YearRun : IMessageChannel
{
    public static readonly DateTimeOffset Start = new(2025, 7, 1, 0, 0, 0, TimeSpan.Zero);

    private const int PartitionsMax = 8;

    /// <summary>Accounts of one partition at least: each partition costs commits every hour.</summary>
    private const int PerPartitionMin = 30;
    private const long StepMs = Instants.MsPerHour;
    private const long ReadingMs = 6 * Instants.MsPerHour;

    /// <summary>Readings of one append.</summary>
    private const int ReadingsMax = 2_000;

    private readonly YearOptions _options;
    private readonly YearClock _clock = new(Start);
    private readonly Random _random;
    private readonly List<YearPerson> _people = [];
    private readonly Dictionary<string, YearPerson> _byId = [];
    private readonly Dictionary<int, YearPerson> _byNumber = [];
    private readonly Dictionary<int, YearMeter> _meters = [];
    private readonly Lock _gate = new();
    private readonly List<(YearPerson Person, string Id, string Kind, Money? Amount, Money? Balance, bool Proven)> _heard = [];
    private readonly HashSet<string> _casesSeen = [];
    private YearGrid _grid = null!;
    private YearChannels _channels = null!;
    private long _outageUntilMs;
    private int _commands;
    private long _sentAt;
    private long _staffSawAt = -1;
    private long _relaysSeenAt = -1;
    private bool _hasOpenRelays;

    public YearRun(YearOptions options) =>
        (_options, _random, Partitions) = (options, new Random(options.Seed), Math.Clamp(options.Accounts / PerPartitionMin, 1, PartitionsMax));

    private int Partitions { get; }

    public string Name => "file";

    public bool IsOn => true;

    public IReadOnlyList<YearPerson> People => _people;

    public int Outages { get; private set; }

    public long EndMs { get; private set; }

    public static async Task<int> RunAsync(YearOptions options, CancellationToken cancel)
    {
        var run = new YearRun(options);
        Console.WriteLine($"A year of {options.Accounts:N0} accounts over {options.Days} days, seed {options.Seed}.");
        var tariffs = YearMarket.All.SelectMany(m => m.ToDefinitions()).DistinctBy(t => t.Id);
        run._grid = await YearGrid.StartAsync(options.Data, run.Partitions, run._clock, run, tariffs);
        await using (run._grid)
        {
            await run.MoveInAsync();
            await run.LiveAsync(cancel);
            var judge = new YearJudge(run._grid, run);
            await judge.JudgeAsync(options.History);
            judge.Report();
            return judge.Violations.Count == 0 ? 0 : 1;
        }
    }

    /// <summary>The channel of all messages: now and then out of order, now and then without proof, by the message's name and nobody's timing.</summary>
    public Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        lock (_gate)
        {
            var draw = new Random(Mix(_options.Seed, StableHash(message.Id), message.Attempt)).NextDouble();
            if (draw < 0.03)
            {
                throw new IOException("The channel is out of order.");
            }

            var proven = draw > 0.08;
            Money? Named(string name) => message.Body.TryGetProperty(name, out var text) && Money.TryParse(text.GetString(), out var money) ? money : null;
            _heard.Add((_byId[message.Account], message.Id, message.Kind, Named("amount"), Named("balance"), proven));
            return Task.FromResult(proven ? Delivery.Delivered : Delivery.Sent);
        }
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

    private static int StableHash(string text) => text.Aggregate(17, (h, c) => unchecked((h * 31) + c));

    private async Task MoveInAsync()
    {
        var residential = await File.ReadAllTextAsync(Path.Combine(PolicyCatalog.ShippedFolder, "cn-residential.json"));
        foreach (var market in YearMarket.All.Where(m => m.Pack.StartsWith("year-", StringComparison.Ordinal)))
        {
            var (policy, _, problems) = await _grid.Policies.RegisterAsync(market.PackFrom(residential));
            _ = policy ?? throw new InvalidOperationException(problems[0].Detail);
        }

        await _grid.RegisterAsync(_options.Accounts);
        _channels = await YearChannels.OpenAsync(_grid, _clock, _options.Seed);
        var appends = new List<LogAppend>();
        for (var n = 1; n <= _options.Accounts; n++)
        {
            var market = YearMarket.All[(n % 10) switch { 0 or 1 => 0, 2 => 7, 3 => 8, 4 or 5 => 1 + (n / 10 % 4), 6 or 7 => 5, _ => 6 }];
            var pack = market.Pack;
            var tariff = (await _grid.Tariffs.FindAsync(market.Tariff, null))!;
            var mode = pack == "gb-prepay" || n % 2 == 0 ? PaymentMode.Prepaid : PaymentMode.Postpaid;
            var manner = (((n / 10 * 7) + n) % 20) switch { < 10 => Manner.Prompt, < 14 => Manner.Late, < 17 => Manner.Partial, _ => Manner.Stubborn };
            var person = new YearPerson(n, n % Partitions, market, mode, manner, tariff.Calendar, _options.Seed);
            _people.Add(person);
            _byId[YearGrid.AccountId(n)] = person;
            _byNumber[n] = person;
            person.Meters.Add(_meters[n] = new YearMeter(n, person, 0, _clock.NowMs));
            person.Tenures.Add(new Tenure(n, _clock.NowMs, long.MaxValue));
            var traits =
                (n % 23 == 0 ? CustomerTraits.Vulnerable : 0) | (n % 41 == 0 ? CustomerTraits.NeverCut : 0) | (n % 29 == 0 ? CustomerTraits.Protected : 0);
            var family = await _grid.Policies.NumberOfAsync(pack);
            var day = tariff.Calendar.DayOf(_clock.NowMs);
            appends.Add(Append(person, new OpenAccount(n, YearGrid.AccountId(n), tariff.Number, mode, day, 0, false, [])));
            appends.Add(Append(person, new InstallMeter(n, n, new MeterRating(0, 0, 0), _clock.NowMs, 0)));
            appends.AddRange(YearCycles.Commands(n, family!.Value, pack, traits).Select(c => Append(person, c)));
            if (mode == PaymentMode.Prepaid)
            {
                person.Payments[_clock.NowMs] = market.Amount(60 + (person.BaseWh / 60)).Nano;
            }
        }

        foreach (var chunk in appends.Chunk(1_000))
        {
            await _grid.Log.AppendAsync(chunk);
        }

        await _grid.SettleAsync();
    }

    private async Task LiveAsync(CancellationToken cancel)
    {
        var startMs = _clock.NowMs;

        // The last morning's checks are over where the fees are.
        EndMs = startMs + (_options.Days * Instants.MsPerDay) + (3 * Instants.MsPerHour);
        for (var at = startMs + StepMs; at <= EndMs; at += StepMs)
        {
            cancel.ThrowIfCancellationRequested();
            _clock.MoveTo(at);
            await StepAsync(at, (at - startMs) / StepMs);
            if ((at - startMs) % (30 * Instants.MsPerDay) == 0)
            {
                Console.WriteLine(
                    $"  {DateTimeOffset.FromUnixTimeMilliseconds(at):yyyy-MM-dd}: {_people.Sum(p => p.Messages.Count):N0} messages, "
                        + $"{_people.Count(p => !p.HasSupply)} without supply, {Outages} outages, {_grid.Kills} kills");
            }
        }

        // What is on its way arrives: no outage at the very end.
        _outageUntilMs = 0;
        await WorkAsync(EndMs);
        await _grid.SettleAllAsync();
        await _grid.Bills.WriteAllAsync();
        for (var p = 0; p < Partitions; p++)
        {
            await _grid.FlushStatesAsync(p);
        }

        Wrong.AddRange([.. await _channels.CheckAsync(), .. await YearItems.CheckAsync(_grid, _people), .. await YearCycles.CheckAsync(_grid, _people)]);
    }

    private async Task StepAsync(long at, long step)
    {
        if (step % (ReadingMs / StepMs) == 0)
        {
            _people.ForEach(p => p.Live(at));
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
            for (var p = 0; p < Partitions; p++)
            {
                await _grid.FlushStatesAsync(p);
            }

            await _grid.Bills.WriteAllAsync();
        }
    }

    private async Task WorkAsync(long at)
    {
        await PushAsync();
        await _grid.SettleAsync();
        await PayAsync(at);
        await SendAsync();
        await _grid.SettleAsync();
        await RelayAsync(at);
        await StaffAsync(at);
        await CorrectAsync(at);
        await ChangeAsync(at);
        if (_grid.Records != _sentAt)
        {
            await _grid.SettleAsync();
            await SendAsync();
            await _grid.SettleAsync();
        }
    }

    /// <summary>Senders work side by side; people hear in an order that does not depend on which was first.</summary>
    private async Task SendAsync()
    {
        await _grid.SendAsync();
        foreach (var (person, id, kind, amount, balance, proven) in _heard.OrderBy(h => h.Id, StringComparer.Ordinal))
        {
            person.Hear(id, kind, amount, balance, _clock.NowMs, proven);
        }

        _heard.Clear();
        _sentAt = _grid.Records;
    }

    private async Task FailAsync()
    {
        if (_random.NextDouble() < 1.0 / 40)
        {
            await _grid.KillAsync(_random.Next(Partitions), leavesTwin: _random.Next(2) == 0);
        }
    }

    /// <summary>Gateways push what they have, now and then twice.</summary>
    private async Task PushAsync()
    {
        foreach (var group in _people.GroupBy(p => p.Partition))
        {
            var meters = new List<YearMeter>();
            var readings = new List<Reading>();
            foreach (var meter in group.SelectMany(p => p.Meters))
            {
                foreach (var (atMs, wh) in meter.Backlog)
                {
                    meters.Add(meter);
                    readings.Add(new Reading(meter.Number, RegisterKind.Import, atMs, wh, ReadingQuality.None, 0));
                }

                meter.Backlog.Clear();
            }

            for (var from = 0; from < readings.Count; from += ReadingsMax)
            {
                var some = readings.Skip(from).Take(ReadingsMax).ToArray();
                var result = await _grid.Log.AppendAsync(new LogAppend(group.Key, some.Length, LogRecords.Encode(_clock.NowMs, some)));
                for (var i = 0; i < some.Length; i++)
                {
                    var meter = meters[from + i];
                    meter.Owner.Use(result.FirstPosition + i, some[i].TimeMs, some[i].ValueWh - meter.LastPushedWh, _clock.NowMs);
                    meter.Pushed(some[i].TimeMs, some[i].ValueWh);
                }

                if (_random.NextDouble() < 0.05)
                {
                    await _grid.Log.AppendAsync(new LogAppend(group.Key, some.Length, LogRecords.Encode(_clock.NowMs, some)));
                }
            }
        }
    }

    private async Task PayAsync(long at)
    {
        foreach (var person in _people)
        {
            while (person.Payments.Count > 0 && person.Payments.GetKeyAtIndex(0) <= at)
            {
                var nano = person.Payments.GetValueAtIndex(0);
                person.Payments.RemoveAt(0);
                if (person.Random.NextDouble() < 0.02 && IsForeignRefused(person, nano, at))
                {
                    continue;
                }

                if (person.Random.NextDouble() < 0.1)
                {
                    // A bank says first that it is coming.
                    var reference = $"P{++_commands}";
                    await _grid.Log.AppendAsync(Append(person, new AnnouncePayment(person.Number, reference, at + (2 * Instants.MsPerDay))));
                    person.Spans.Add(new Span(at, at, "payment announced"));
                }

                await _channels.PayAsync(person, nano);
            }
        }

        foreach (var sale in await _channels.SettleAsync())
        {
            sale.Person.Happenings.Add(new Happening(sale.Position, at, HappeningKind.Payment, sale.Nano, at));
        }
    }

    /// <summary>The gateway fetches planned cuts, and meters answer after up to two hours; one in twenty does not.</summary>
    private async Task RelayAsync(long at)
    {
        var open = new List<(int Account, int Sequence, bool TurnsOn, string State, long ExpiresMs, int[] Meters)>();
        if (_hasOpenRelays || _relaysSeenAt != _grid.Records)
        {
            const string Sql = """
                select account, sequence, turns_on, state, expires_ms, meters from relay_command where state in ('planned', 'released')
                order by turns_on desc, account
                """;
            await using var command = _grid.Database.CreateCommand(Sql);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var meters = reader.GetFieldValue<int[]>(5);
                open.Add((reader.GetInt32(0), reader.GetInt32(1), reader.GetBoolean(2), reader.GetString(3), reader.GetInt64(4), meters));
            }
        }

        (_hasOpenRelays, _relaysSeenAt) = (open.Count > 0, _grid.Records);
        foreach (var c in open)
        {
            var person = _byNumber[c.Account];
            if (c.State == "planned" && person.Random.NextDouble() < 0.05)
            {
                await OrderAsync(person, at);
            }
            else if (c.State == "planned")
            {
                await _grid.Log.AppendAsync(
                    Append(person, new ReleaseCut(c.Account, c.Sequence)) with { Key = new LogKey($"release:{c.Account}:{c.Sequence}", [1]) });
            }
            else if (person.Random.NextDouble() < 0.95 && (c.TurnsOn || at < c.ExpiresMs))
            {
                await TurnAsync(person, c.Sequence, c.TurnsOn, c.Meters, at);
            }
        }

        foreach (var person in _people.Where(p => !p.HasSupply && p.Random.NextDouble() < 0.002))
        {
            await OrderAsync(person, at);
        }

        if (open.Exists(c => c.State == "planned"))
        {
            await _grid.SettleAsync(sweeps: false);
            await ConfirmAsync(at);
        }
    }

    /// <summary>What was just released is carried out within its minutes.</summary>
    private async Task ConfirmAsync(long at)
    {
        await using var command = _grid.Database.CreateCommand(
            "select account, sequence, meters from relay_command where state = 'released' and not turns_on and expires_ms > $1 order by account");
        command.Parameters.Add(new() { Value = at });
        var released = new List<(int Account, int Sequence, int[] Meters)>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                released.Add((reader.GetInt32(0), reader.GetInt32(1), reader.GetFieldValue<int[]>(2)));
            }
        }

        foreach (var (account, sequence, meters) in released)
        {
            var person = _byNumber[account];
            if (person.Random.NextDouble() < 0.9)
            {
                await TurnAsync(person, sequence, isOn: false, meters, at);
            }
        }
    }

    /// <summary>Relays carry a command out and say so; one that has carried out a later command of another account is silent.</summary>
    private async Task TurnAsync(YearPerson person, int sequence, bool isOn, IEnumerable<int> meters, long at)
    {
        foreach (var meter in meters.Select(m => _meters[m]).Where(m => m.LastCommand <= sequence))
        {
            (meter.IsOn, meter.LastCommand) = (isOn, sequence);
            await _grid.Log.AppendAsync(Append(person, new ReportRelay(person.Number, meter.Number, sequence, isOn, at)));
        }
    }

    /// <summary>People at the company: call, visit, agree on plans, take disputes in and settle them, carry notices by hand.</summary>
    private async Task StaffAsync(long at)
    {
        if (_staffSawAt == _grid.Records)
        {
            return;
        }

        _staffSawAt = _grid.Records;
        var cases = new List<(string Id, int Account, string Kind)>();
        await using (var command = _grid.Database.CreateCommand("select id, account, kind from work_case where state = 'open' order by created_ms, id"))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                cases.Add((reader.GetString(0), reader.GetInt32(1), reader.GetString(2)));
            }
        }

        foreach (var (id, account, kind) in cases.Where(c => _casesSeen.Add(c.Id)))
        {
            var person = _byNumber[account];
            if (kind == "contact")
            {
                await _grid.Log.AppendAsync(Append(person, new RecordContact(account, "call", "collector", "reached", id)));
                await _grid.Log.AppendAsync(Append(person, new RecordContact(account, "welfare-visit", "collector", "reached", null)));
                await TalkAsync(person, at);
            }
            else if (kind == "deliver-by-hand" && _grid.StateOf(person.Partition).PeekAccount(account)!.Customer!.Overdue.StopNoticeId is { } notice)
            {
                person.Messages.Add(new Received(notice, "stop-notice", at, Proven: true));
                await _grid.Log.AppendAsync(Append(person, new RecordContact(account, "visit", "collector", "delivered-in-hand", id)));
            }
        }

        await _grid.ExecuteAsync("update work_case set state = 'closed', outcome = 'done', closed_by = 'year' where state <> 'closed'");
    }

    /// <summary>Staff have supply restored, or a cut called off; it holds for as long as the pack says.</summary>
    private async Task OrderAsync(YearPerson person, long at)
    {
        var hours = _grid.Policies.All.First(p => p.Definition.Id == person.Pack).Definition.Restore.OrderedHoldHours;
        var outcome = await _grid.Log.AppendAsync(Append(person, new OrderRestore(person.Number, "staff", "by phone")));
        person.Spans.Add(new Span(at, at + (hours * Instants.MsPerHour), $"ordered {outcome.FirstPosition}"));
    }

    private async Task TalkAsync(YearPerson person, long at)
    {
        var draw = person.Random.NextDouble();
        if (draw < 0.15 && !person.Spans.Exists(s => s.Why == "dispute" && s.UntilMs >= at))
        {
            var until = at + ((3 + person.Random.Next(20)) * Instants.MsPerDay);
            person.Spans.Add(new Span(at, until, "dispute"));
            await _grid.Log.AppendAsync(Append(person, new PlaceHold(person.Number, HoldKind.Dispute, until, "says the meter is wrong")));
        }
        else if (draw < 0.35)
        {
            var unpaid = _grid.StateOf(person.Partition).PeekAccount(person.Number)!.Customer!.Overdue.Unpaid.Nano;
            var part = unpaid / 4 / person.UnitNano * person.UnitNano;
            if (part > 0)
            {
                var today = person.Calendar.DayOf(at);
                await _grid.Log.AppendAsync(
                    Append(person,
                        new AgreePlan(person.Number, [new Instalment(today + 7, part), new Instalment(today + 14, part), new Instalment(today + 21, part)],
                            "collector")));
                if (person.Random.Next(2) == 0)
                {
                    person.Payments.Clear();
                    person.Payments.TryAdd(at + (5 * Instants.MsPerDay), part);
                    person.Payments.TryAdd(at + (12 * Instants.MsPerDay), part);
                    person.Payments.TryAdd(at + (19 * Instants.MsPerDay), part);
                }
            }
        }
        else if (draw < 0.5)
        {
            await _grid.Log.AppendAsync(Append(person, new PromisePayment(person.Number, person.Calendar.DayOf(at) + 5)));
        }
    }

    private LogAppend Append(YearPerson person, GridCommand command) => new(person.Partition, 1, LogRecords.Encode(_clock.NowMs, command));
}
