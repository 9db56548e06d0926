using AccountGrid.Host.Partitions;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>
/// Silos and the directory that says which of them has a partition; as with Orleans, it may be wrong for a while, and the database must bear that.
/// </summary>
internal sealed class SimCluster
{
    private const int SilosMax = 3;

    private readonly SimWorld _world;
    private readonly SimDatabase _database;
    private readonly SimFaults _faults;
    private readonly FoldCatalogs _catalogs;
    private readonly SimReceiver _receiver;
    private readonly SimSilo[] _silos = new SimSilo[SilosMax];
    private readonly SimActivation?[] _directory;
    private int _named;

    public SimCluster(SimWorld world, SimDatabase database, SimFaults faults, FoldCatalogs catalogs, SimReceiver receiver)
    {
        (_world, _database, _faults, _catalogs, _receiver) = (world, database, faults, catalogs, receiver);
        _directory = new SimActivation?[database.Partitions.Length];
        for (var i = 0; i < SilosMax; i++)
        {
            _silos[i] = NewSilo();
        }

        for (var p = 0; p < _directory.Length; p++)
        {
            Activate(p);
        }
    }

    public SimActivation? Activation(int partition) => _directory[partition];

    /// <summary>A silo dies; a little later its work is taken over, and another silo comes.</summary>
    public void Kill()
    {
        var at = _world.Random.Next(SilosMax);
        var dead = _silos[at];
        dead.Process.Kill();
        _world.After(_world.Random.Next(500_000, 4_000_000), Supervisor, () =>
        {
            _silos[at] = NewSilo();
            TakeOver(dead);
        });
    }

    /// <summary>A silo stands still; if it does so for long, others take its work, and it does not know that when it goes on.</summary>
    public void Freeze()
    {
        var silo = _silos[_world.Random.Next(SilosMax)];
        silo.Process.Freeze();
        _world.After(5_000_000, Supervisor, () =>
        {
            if (silo.Process.IsFrozen)
            {
                TakeOver(silo);
            }
        });
        _world.After(_world.Random.Next(500_000, 20_000_000), Supervisor, silo.Process.Thaw);
    }

    /// <summary>The directory is wrong: a partition is activated elsewhere while its activation goes on.</summary>
    public void Twin() => Activate(_world.Random.Next(_directory.Length));

    public void WrongClock() => _silos[_world.Random.Next(SilosMax)].Process.Time.AheadMs = _world.Random.Next(-600_000, 600_000);

    /// <summary>Nothing is wrong any more.</summary>
    public void Heal()
    {
        foreach (var silo in _silos)
        {
            silo.Process.Thaw();
            silo.Process.Time.AheadMs = 0;
        }
    }

    public SimProcess Supervisor { get; init; } = null!;

    /// <summary>Asks a partition's activation, as the API does. Throws what the way there or the activation says.</summary>
    public Task<T> AskAsync<T>(SimProcess caller, int partition, Func<SimActivation, Task<T>> question)
    {
        var answer = new TaskCompletionSource<T>();
        _world.After(10_000_000, caller, () => answer.TrySetException(new TimeoutException("No answer from the partition.")));
        if (_directory[partition] is { } activation)
        {
            activation.Silo.Process.Start(async () =>
            {
                try
                {
                    var result = await question(activation);
                    _world.After(_world.Random.Next(50, 2_000), caller, () => answer.TrySetResult(result));
                }
                catch (Exception e)
                {
                    _world.After(_world.Random.Next(50, 2_000), caller, () => answer.TrySetException(e));
                }
            });
        }

        return answer.Task;
    }

    private SimSilo NewSilo()
    {
        var process = new SimProcess(_world, $"silo {++_named}");
        var silo = new SimSilo(process, new SimStore(_database, process, _catalogs));
        _receiver.StartSender(process, silo.Store);
        return silo;
    }

    private void TakeOver(SimSilo from)
    {
        for (var p = 0; p < _directory.Length; p++)
        {
            if (_directory[p] is null || _directory[p]!.Silo == from)
            {
                Activate(p);
            }
        }
    }

    private void Activate(int partition)
    {
        var alive = _silos.Where(s => s.Process is { IsAlive: true, IsFrozen: false } && s != _directory[partition]?.Silo).ToArray();
        alive = alive.Length > 0 ? alive : [.. _silos.Where(s => s.Process is { IsAlive: true, IsFrozen: false })];
        if (alive.Length == 0)
        {
            _world.After(1_000_000, Supervisor, () => Activate(partition));
            return;
        }

        var silo = alive[_world.Random.Next(alive.Length)];
        var activation = new SimActivation(_world, silo, partition, _catalogs, _faults);
        _directory[partition] = activation;
        silo.Process.Start(() => activation.RunAsync(() =>
        {
            // It lost the partition, or could not get it: the next call or the reminder wakes another.
            _world.After(500_000, Supervisor, () =>
            {
                if (_directory[partition] == activation)
                {
                    Activate(partition);
                }
            });
        }));
    }
}
