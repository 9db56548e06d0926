using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Faults;

/// <summary>The verb <c>sabotage</c>: each switch breaks one promise, and the layer that is named for it must say so.</summary>
internal static class SabotageCommand
{
    private static readonly string[] Simulation = ["simulate", "--seeds", "120"];
    private static readonly string[] Domain = ["domain", "-class", "AccountGrid.Domain.Tests.Overdue.CustomerFlowTests"];
    private static readonly string[] Audit = ["domain", "-class", "AccountGrid.Domain.Tests.Audit.AuditHistoryTests"];
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
        ("skip-due", Simulation),
        ("cut-without-interlock", Domain),
        ("no-debit-items", Audit),
        ("bounce-by-terms", Audit),
        ("bounce-as-new", Audit),
        ("forget-standing", Audit),
        ("fee-during-plan", Audit),
        ("fee-on-a-cent", Audit),
        ("ask-too-little", Audit),
        ("no-debt-on-bills", Audit),
        ("ignore-quiet-hours", Year),
        ("send-stale", Year),
        ("mark-before-send", Simulation),
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
        var missed = 0;
        foreach (var group in All.Where(s => layer is null || s.Layer[0] == layer).GroupBy(s => s.Layer))
        {
            // A layer that fails without sabotage too has caught nothing.
            var (status, _) = await RunAsync("", group.Key);
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
                (status, var output) = await RunAsync(name, arguments);
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
    private static Task<(int Status, string Output)> RunAsync(string sabotage, string[] arguments)
    {
        var environment = arguments[0] == "faults" ? new Dictionary<string, string>() : new Dictionary<string, string> { ["ACCOUNTGRID_SABOTAGE"] = sabotage };
        return arguments[0] switch
        {
            "domain" => ChildProcess.RunAsync(DomainTests(), arguments[1..], environment),
            "faults" when sabotage.Length > 0 => ChildProcess.RunAsync(Tester, [.. arguments, "--sabotage", sabotage], environment),
            _ => ChildProcess.RunAsync(Tester, arguments, environment),
        };
    }

    private static string Tester => Path.Combine(AppContext.BaseDirectory, "accountgrid-load.dll");

    /// <summary>The domain's tests in the test build, in the checkout that this program was built in.</summary>
    private static string DomainTests()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "AccountGrid.sln")))
        {
            root = root.Parent;
        }

        var program = Path.Combine(root?.FullName ?? "", "tests/AccountGrid.Domain.Tests/bin/Faults/net10.0/AccountGrid.Domain.Tests.dll");
        return File.Exists(program) ? program : throw new InvalidOperationException("The domain's tests are missing in the test build: dotnet build tests/AccountGrid.Domain.Tests -c Faults.");
    }
#endif
}
