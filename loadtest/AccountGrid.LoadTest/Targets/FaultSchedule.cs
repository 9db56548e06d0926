using System.Globalization;
using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Targets;

/// <summary>A fault at a moment of the run: what, for how long, and to which silo.</summary>
public sealed record PlannedFault(TimeSpan At, string Kind, TimeSpan For, int Silo)
{
    /// <summary>
    /// Reads <c>AT:KIND[:SECONDS[:SILO]]</c> with AT in seconds: <c>60:kill:5:1</c> kills silo 1 after a minute and starts it again five seconds later. Kinds:
    /// <c>kill</c>, <c>stop</c> (SIGTERM), <c>freeze</c>, <c>database</c> (killed and started again). Throws <see cref="FormatException"/> for anything else.
    /// </summary>
    public static PlannedFault Parse(string text)
    {
        var parts = text.Split(':');
        double seconds = 5;
        var silo = 0;
        if (parts.Length is < 2 or > 4 || !double.TryParse(parts[0], CultureInfo.InvariantCulture, out var at) || at < 0 || parts[1] is not ("kill" or "stop" or "freeze" or "database")
            || (parts.Length > 2 && (!double.TryParse(parts[2], CultureInfo.InvariantCulture, out seconds) || seconds < 0))
            || (parts.Length > 3 && (!int.TryParse(parts[3], CultureInfo.InvariantCulture, out silo) || silo < 0)))
        {
            throw new FormatException($"--fault: '{text}' is not AT:KIND[:SECONDS[:SILO]] with AT in seconds and KIND one of kill, stop, freeze, database.");
        }

        return new PlannedFault(TimeSpan.FromSeconds(at), parts[1], TimeSpan.FromSeconds(seconds), silo);
    }
}

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
