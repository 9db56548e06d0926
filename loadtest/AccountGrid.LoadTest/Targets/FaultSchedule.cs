using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Targets;

/// <summary>Carries faults out at their time and says what it did.</summary>
public sealed class FaultSchedule(LocalGrid grid, LoadDatabase database, IReadOnlyList<PlannedFault> faults, TimeProvider time)
{
    private readonly List<string> _done = [];
    private readonly List<FaultSpan> _spans = [];

    /// <summary>The faults that are over.</summary>
    public IReadOnlyList<FaultSpan> Spans
    {
        get
        {
            lock (_done)
            {
                return [.. _spans];
            }
        }
    }

    public IReadOnlyList<string> Done
    {
        get
        {
            lock (_done)
            {
                return [.. _done];
            }
        }
    }

    public Task RunAsync(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        return Task.WhenAll(faults.Select(async fault =>
        {
            await Task.Delay(fault.At, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancel.IsCancellationRequested)
            {
                return;
            }

            var what = fault.Kind == "database" ? fault.Kind : $"{fault.Kind} of silo {fault.Silo}";
            Say($"{what} begins");
            var began = time.GetElapsedTime(started).TotalSeconds;
            switch (fault.Kind)
            {
                case "kill":
                    await grid.KillSiloAsync(fault.Silo);
                    await Task.Delay(fault.For, time, CancellationToken.None);
                    await grid.StartSiloAsync(fault.Silo);
                    break;
                case "stop":
                    Say($"silo {fault.Silo} stopped in {(await grid.StopSiloAsync(fault.Silo)).TotalSeconds:0.0} s");
                    await Task.Delay(fault.For, time, CancellationToken.None);
                    await grid.StartSiloAsync(fault.Silo);
                    break;
                case "freeze":
                    await grid.Silo(fault.Silo).FreezeAsync();
                    await Task.Delay(fault.For, time, CancellationToken.None);
                    await grid.Silo(fault.Silo).ThawAsync();
                    break;
                default:
                    await database.RestartAsync();
                    break;
            }

            Say($"{what} is over");
            lock (_done)
            {
                _spans.Add(new FaultSpan(what, began, time.GetElapsedTime(started).TotalSeconds));
            }
        }));

        void Say(string what)
        {
            lock (_done)
            {
                _done.Add($"{time.GetElapsedTime(started).TotalSeconds:0.0} s: {what}");
            }
        }
    }
}
