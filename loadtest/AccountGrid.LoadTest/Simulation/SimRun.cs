using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Partitions;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>One seed from its first event to the closing of its books.</summary>
internal sealed class SimRun
{
    private const int PartitionCount = 2;
    private const int AccountCount = 8;
    private const long StepsMax = 400_000;

    /// <summary>Sweeps come every second; half a minute is far beyond the last trouble.</summary>
    private const long SweptWithinMs = 30_000;

    private static readonly Tariff[] Tariffs = [Compile(SimClients.TouTariff, LoadTariff.TimeOfUse), Compile(SimClients.FlatTariff, LoadTariff.Flat)];

    private static readonly FoldCatalogs Catalogs = new(n => Tariffs[n - 1], (_, _) => null);

    private readonly SimWorld _world;
    private readonly SimDatabase _database;
    private readonly SimCluster _cluster;
    private readonly SimClients _clients;
    private readonly SimReceiver _receiver;
    private readonly SimProcess _supervisor;
    private readonly SimFaults _faults;
    private bool _finished;

    private SimRun(int seed, SimFaults faults)
    {
        _faults = faults;
        _world = new SimWorld(seed);
        _database = new SimDatabase(_world, faults, PartitionCount);
        _supervisor = new SimProcess(_world, "supervisor");
        var people = new SimProcess(_world, "clients");
        _receiver = new SimReceiver(_world, _database, faults);
        _cluster = new SimCluster(_world, _database, faults, Catalogs, _receiver) { Supervisor = _supervisor };
        _clients = new SimClients(_world, _database, _cluster, faults, people, AccountCount);
        People = people;
    }

    private SimProcess People { get; }

    /// <param name="faults">Null draws them by the seed.</param>
    public static SimResult Run(int seed, SimFaults? faults = null)
    {
        faults ??= SimFaults.Draw(new Random(seed));
        var run = new SimRun(seed, faults);
        string? violation = null;
        try
        {
            run.Live();
            run.Judge();
        }
        catch (Exception e)
        {
            violation = e is SimViolation ? e.Message : e.ToString();
        }

        return new SimResult(seed, faults, violation, run._world.Steps, run._database.Fenced, run._database.Unknown, run._database.Forwarded,
            run._receiver.Taken.Values.Count(n => n > 1), run._clients.Resent);
    }

    private static Tariff Compile(int number, LoadTariff tariff) =>
        TariffCompiler.Compile(number, tariff.Definition()) is ({ } compiled, _) ? compiled : throw new InvalidOperationException(tariff.Id);

    private void Live()
    {
        _clients.Register();
        _clients.Start();
        _supervisor.Start(SuperviseAsync);
        while (!_finished)
        {
            SimCheck.That(_world.Step() && _world.Steps < StepsMax, $"It does not come to rest: {_world.Steps} steps, {_world.NowUs / 1_000_000} s.");
            if ((People.Failure ?? _supervisor.Failure) is { } failure)
            {
                throw failure is SimViolation ? failure : new InvalidOperationException("A client failed.", failure);
            }
        }
    }

    /// <summary>Makes all trouble within the clients' first half minute, then waits until everything that is acknowledged is applied and stored.</summary>
    private async Task SuperviseAsync()
    {
        var random = _world.Random;
        void Plan(int count, Action trouble)
        {
            for (var i = 0; i < count; i++)
            {
                _world.After(random.NextInt64(30_000_000), _supervisor, trouble);
            }
        }

        Plan(_faults.Kills, _cluster.Kill);
        Plan(_faults.Freezes, _cluster.Freeze);
        Plan(_faults.Twins, _cluster.Twin);
        Plan(_faults.ClockErrors, _cluster.WrongClock);
        Plan(_faults.UnfoldableRecords, () => _database.Append([new LogAppend(random.Next(PartitionCount), 1, new byte[] { 99, 0, 1 })]));
        Plan(_faults.Outages, () =>
        {
            _database.IsDown = true;
            _world.After(random.Next(100_000, 10_000_000), _supervisor, () => _database.IsDown = false);
        });
        while (!_clients.AreDone)
        {
            await _supervisor.DelayAsync(200_000);
        }

        // Beyond the longest freeze and outage.
        await _supervisor.DelayAsync(55_000_000);
        (_database.IsDown, _database.IsCalm) = (false, true);
        _cluster.Heal();
        for (var waited = 0; !Rests(); waited++)
        {
            SimCheck.That(waited < 1_500,
                "What was acknowledged is not applied, or what is due not looked at, five minutes after all trouble: "
                    + $"{string.Join(", ", _database.Partitions.Select(
                        (t, p) => $"partition {p} effects {t.EffectsPosition} of {t.Head}, held by {_cluster.Activation(p)?.Silo.Process.Name}"))}, "
                    + $"messages that wait: {_database.Outbox.Values.Count(m => m.State is not ("sent" or "delivered" or "withdrawn"))}.");

            // A sender may still wait for an answer that was lost, and then put its next try hours off; a clock that was ahead dated a notice ahead. A person
            // replays until all are out.
            if (waited % 100 == 99)
            {
                _database.ReplayOutbox();
            }

            await _supervisor.DelayAsync(200_000);
        }

        _finished = true;
    }

    /// <summary>
    /// All logs are folded, their effects written and their states stored, nothing is overdue that a sweep should have looked at, and all messages are out.
    /// </summary>
    private bool Rests() => _database.Outbox.Values.All(m => m.State is "sent" or "delivered" or "withdrawn")
        && _database.Partitions.Select((t, p) => t.EffectsPosition == t.Head && t.StatePosition == t.Head
        && _cluster.Activation(p) is { IsOpen: true, Runner: { IsLost: false } runner } && runner.State.Due(_world.NowMs - SweptWithinMs, 1).Count == 0)
        .All(rests => rests);

    private void Judge()
    {
        for (var p = 0; p < PartitionCount; p++)
        {
            JudgeAgainstOneFold(p);
        }

        JudgeAgainstClients();
        _receiver.Judge();
    }

    /// <summary>What many activations wrote between them is what one fold of the whole log makes, to the byte.</summary>
    private void JudgeAgainstOneFold(int partition)
    {
        var table = _database.Partitions[partition];
        var state = new PartitionState(partition, Catalogs.Tariff);
        var fold = new PartitionFold(state, Catalogs.Tariff, Catalogs.Policy);
        var effects = new Effects();
        var entries = new List<LogEntry>();
        foreach (var (first, count, payload) in table.WholeLog)
        {
            LogFraming.Read(payload, first, count, entries);
        }

        foreach (var entry in entries)
        {
            Fold(fold, entry, table.Quarantined, effects);
        }

        Same("entries", effects.Entries.Select(e => e.ToString()), table.Entries.Select(e => e.ToString()));
        Same("events", effects.Events.Select(e => e.ToString()), table.Events.Select(e => e.ToString()));
        Same("notices", effects.Notices.Select(n => n.Id), table.Notices.Select(n => n.Id));
        Same("outcomes", effects.Outcomes.Select(o => o.ToString()), table.Outcomes.Values.OrderBy(o => o.Position).Select(o => o.ToString()));
        var stored = new PartitionState(partition, Catalogs.Tariff) { Position = table.StatePosition, NowMs = table.StateNowMs };
        foreach (var page in table.Pages.Values)
        {
            stored.Load(page.Page, page.States);
        }

        Same("states", state.AccountNumbers.Order().Select(n => Convert.ToHexString(StateCodec.Encode(state.PeekAccount(n)!))),
            stored.AccountNumbers.Order().Select(n => Convert.ToHexString(StateCodec.Encode(stored.PeekAccount(n)!))));
        SimCheck.That(table.Quarantined.Count <= _faults.UnfoldableRecords,
            $"{table.Quarantined.Count} records were quarantined; {_faults.UnfoldableRecords} were bad.");
    }

    private static void Fold(PartitionFold fold, LogEntry entry, IReadOnlyDictionary<long, int> quarantined, Effects effects)
    {
        if (quarantined.TryGetValue(entry.FirstPosition, out var count))
        {
            for (var i = 0; i < count; i++)
            {
                fold.Skip(entry.FirstPosition + i, fold.State.NowMs);
            }

            return;
        }

        var reader = new LogRecords.Reader(entry.Payload.Span);
        for (var position = entry.FirstPosition; reader.Next(); position++)
        {
            DaysNeeded? needed;
            while ((needed = reader.Command is { } command
                ? fold.Apply(command, position, reader.ReceivedMs, effects)
                : fold.Apply(reader.Reading, position, reader.ReceivedMs, effects)) is not null)
            {
                fold.Reopen(needed, needed.Of(fold.State.ClosedDays.Values.Where(d => needed.IsOf(d.Key))), effects);
            }
        }
    }

    /// <summary>The books by a second calculation, from what the clients know alone.</summary>
    private void JudgeAgainstClients()
    {
        var payments = _database.Partitions.SelectMany(t => t.Entries).Where(e => e.Kind == EntryKind.Payment).ToList();
        foreach (var payment in _clients.Payments)
        {
            var found = payments.FindAll(e => e.Reference == payment.Reference);
            SimCheck.That(found.Count == 1 && found[0].Amount.Nano == payment.Nano, $"{payment.Reference}: acknowledged once, booked {found.Count} times.");
        }

        SimCheck.That(payments.Count == _clients.Payments.Count, $"{payments.Count} payments are booked, {_clients.Payments.Count} were made.");
        for (var account = 1; account <= _clients.Accounts; account++)
        {
            var partition = SimClients.PartitionOf(account, PartitionCount);
            var state = new PartitionState(partition, Catalogs.Tariff);
            foreach (var page in _database.Partitions[partition].Pages.Values)
            {
                state.Load(page.Page, page.States);
            }

            var found = state.PeekAccount(account);
            SimCheck.That(found is not null, $"Account {account} is not there.");
            var energy = _clients.Energy[account];
            var charged = found!.Meters.Sum(m => m.Charged.Wh);
            SimCheck.That(charged == energy.Sum() && found.Meters.All(m => m.Held.Wh == 0),
                $"Account {account}: {energy.Sum()} Wh were acknowledged, {charged} are charged.");
            var charge = _clients.IsWatched(account) ? LoadTariff.Flat.Charge(energy.AsSpan(0, 1)) : LoadTariff.TimeOfUse.Charge(energy);
            var expected = (_clients.Payments.Where(p => p.Account == account).Sum(p => p.Nano) / 1e9m) - charge;
            SimCheck.That(found.Balance.Nano / 1e9m == expected, $"Account {account}: the balance must be {expected} but is {found.Balance.Nano / 1e9m}.");
            var notices = _database.Partitions[partition].Notices.Count(n => n.Account == account);
            SimCheck.That(notices == _clients.Crossings.GetValueOrDefault(account),
                $"Account {account}: {_clients.Crossings.GetValueOrDefault(account)} crossings, {notices} notices.");
        }
    }

    private static void Same(string what, IEnumerable<string?> one, IEnumerable<string?> other)
    {
        var (a, b) = (one.ToList(), other.ToList());
        var at = Enumerable.Range(0, Math.Max(a.Count, b.Count)).FirstOrDefault(i => i >= a.Count || i >= b.Count || a[i] != b[i], -1);
        SimCheck.That(at < 0,
            $"The {what} differ from one fold of the whole log at {at} of {a.Count} and {b.Count}: '{a.ElementAtOrDefault(at)}' must be and "
                + $"'{b.ElementAtOrDefault(at)}' is.");
    }
}
