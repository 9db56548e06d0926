namespace AccountGrid.LoadTest.Simulation;

/// <summary>The verb <c>simulate</c>: many seeds, in as many threads as there are cores; a seed that fails is run again with ever less trouble.</summary>
internal static class SimulateCommand
{
    /// <summary>Failures that are made smaller and shown.</summary>
    private const int ShownMax = 3;

    /// <param name="untilViolation">Ends with the first seed that fails, which is not run again.</param>
    public static int Run(int first, int seeds, bool untilViolation, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        var summary = RunAll(first, seeds, cancel, untilViolation);
        foreach (var failed in summary.Failed.OrderBy(f => f.Seed).Take(ShownMax))
        {
            if (untilViolation)
            {
                Console.WriteLine($"seed {failed.Seed}: {failed.Violation}");
                continue;
            }

            var smallest = Shrink(failed, SimRun.Run);
            Console.WriteLine($"seed {failed.Seed}: {failed.Violation}");
            Console.WriteLine($"  with less trouble: {smallest.Faults}");
            Console.WriteLine($"  {smallest.Steps} steps: {smallest.Violation}");
            Console.WriteLine($"  again: simulate --first {failed.Seed} --seeds 1");
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(
            $"{summary.Seeds} seeds in {seconds:0.0} s: {summary.Steps} steps, {summary.Fenced} writes of stale twins refused, {summary.Unknown} calls of "
                + $"unknown outcome, {summary.Resent} sent again, {summary.Forwarded} records of moved meters, {summary.SentTwice} messages that came more "
                + "than once");
        Console.WriteLine($"violations: {summary.Failed.Count}");
        var vacuous = seeds >= 100 && summary.Failed.IsEmpty && summary.IsVacuous;
        if (vacuous)
        {
            Console.WriteLine(
                "No stale twin wrote, or no call was lost, or nothing was sent again, no reading followed its meter, or no message came twice: this run "
                    + "proves nothing.");
        }

        return summary.Failed.Count > 0 || vacuous ? 1 : 0;
    }

    /// <param name="untilViolation">Begins no seed after one that failed.</param>
    public static SimSummary RunAll(int first, int seeds, CancellationToken cancel, bool untilViolation = false)
    {
        var summary = new SimSummary();
        Parallel.For(first, first + seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            if (!cancel.IsCancellationRequested)
            {
                summary.Add(SimRun.Run(seed));
            }

            if (untilViolation && !summary.Failed.IsEmpty)
            {
                loop.Stop();
            }
        });
        return summary;
    }

    /// <summary>The same seed with as little trouble as still makes it fail.</summary>
    /// <param name="run">Runs a seed with given trouble.</param>
    public static SimResult Shrink(SimResult failed, Func<int, SimFaults?, SimResult> run)
    {
        var smallest = failed;
        for (var goesOn = true; goesOn;)
        {
            goesOn = false;
            foreach (var calmer in smallest.Faults.Calmer())
            {
                if (run(failed.Seed, calmer) is { Violation: not null } again)
                {
                    (smallest, goesOn) = (again, true);
                    break;
                }
            }
        }

        return smallest;
    }
}
