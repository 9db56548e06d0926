using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Faults;

/// <summary>The verb <c>sabotage</c>: each switch breaks one promise, and the layer that is named for it must say so.</summary>
internal static class SabotageCommand
{
    private static readonly string[] Simulation = ["simulate", "--seeds", "40"];
    private static readonly string[] Year = ["year", "--accounts", "60", "--days", "100", "--seed", "3"];

    /// <summary>Switch, and what must catch it.</summary>
    public static IReadOnlyList<(string Switch, string[] Layer)> All { get; } =
    [
        ("no-unique-key", Simulation),
        ("ack-without-commit", Simulation),
        ("no-fence", Simulation),
        ("trust-failed-flush", Simulation),
        ("states-ahead", Simulation),
        ("lose-a-page", Simulation),
        ("skip-gaps", Simulation),
        ("cut-off-money", Simulation),
        ("ignore-zone", Simulation),
        ("no-hysteresis", Simulation),
        ("ignore-quiet-hours", Year),
        ("cut-without-interlock", Year),
        ("skip-due", Year),
        ("mark-before-send", ["faults", "--minutes", "1", "--case", "outbox.before-send+kill"]),
        ("hide-poison", ["faults", "--minutes", "0.5", "--case", "poison"]),
    ];

    /// <param name="layer">Only switches of this layer; null is all.</param>
    public static async Task<int> RunAsync(string? layer, CancellationToken cancel)
    {
#if !FAULTS
        Console.Error.WriteLine("sabotage: the switches are only in the test build; run it with: dotnet run -c Faults --project loadtest/AccountGrid.LoadTest -- sabotage");
        await Task.CompletedTask;
        return 2;
#else
        var program = Path.Combine(AppContext.BaseDirectory, "accountgrid-load.dll");
        var missed = 0;
        foreach (var group in All.Where(s => layer is null || s.Layer[0] == layer).GroupBy(s => s.Layer))
        {
            // A layer that fails without sabotage too has caught nothing.
            var (status, _) = await RunAsync(program, "", group.Key);
            if (status != 0)
            {
                Console.WriteLine($"{group.Key[0]} fails without sabotage");
                missed++;
                continue;
            }

            foreach (var (name, arguments) in group)
            {
                cancel.ThrowIfCancellationRequested();
                var began = TimeProvider.System.GetTimestamp();
                (status, var output) = await RunAsync(program, name, arguments);
                var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
                Console.WriteLine($"{name,-22} {(status == 0 ? "NOT CAUGHT by" : "caught by")} {arguments[0]} in {seconds:0} s: {output.Split('\n').FirstOrDefault(l => l.Length > 0)}");
                missed += status == 0 ? 1 : 0;
            }
        }

        Console.WriteLine($"not caught: {missed}");
        return missed > 0 ? 1 : 0;
#endif
    }

#if FAULTS
    private static Task<(int Status, string Output)> RunAsync(string program, string sabotage, string[] arguments) =>
        ChildProcess.RunAsync(program, arguments[0] == "faults" && sabotage.Length > 0 ? [.. arguments, "--sabotage", sabotage] : arguments, arguments[0] == "faults" ? new Dictionary<string, string>() : new Dictionary<string, string> { ["ACCOUNTGRID_SABOTAGE"] = sabotage });
#endif
}
