#if FAULTS
using AccountGrid.LoadTest.Targets;
#endif

namespace AccountGrid.LoadTest.Faults;

/// <summary>The verb <c>sabotage</c>: each switch breaks one promise, and the layer that is named for it must say so.</summary>
internal static class SabotageCommand
{
    private static readonly string[] Simulation = ["simulate", "--seeds", "120", "--until-violation"];
    private static readonly string[] Year = ["year", "--accounts", "60", "--days", "40", "--seed", "3"];

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
        ("cut-without-interlock", Test("Audit.AuditHistoryTests.A_cut_that_a_hold_stops_between_its_plan_and_its_release")),
        ("no-debit-items", Test("Audit.AuditHistoryTests.A_debit_beside_bills_and_all_letters_about_it")),
        ("bounce-by-terms", Test("Audit.AuditHistoryTests.A_payment_that_recovered_a_debt_and_bounces")),
        ("bounce-as-new", Test("Audit.AuditHistoryTests.A_payment_of_a_bill_that_bounces_with_fees_of_before_and_after")),
        ("forget-standing", Test("Audit.AuditHistoryTests.A_standing_charge_that_begins_with_another_tariff_or_version")),
        ("fee-during-plan", Test("Audit.AuditHistoryTests.A_kept_plan_and_a_dispute")),
        ("fee-during-debit", Test("Billing.DebitFlowTests.A_day_at_whose_end_a_debit_is_under_way_bears_no_late_fee")),
        ("fee-for-return", Test("Billing.DebitFlowTests.A_payment_that_comes_back_opens_its_bill_and_bears_no_late_fee_for_the_days_it_stood")),
        ("fee-on-a-cent", Test("Audit.AuditHistoryTests.Arrears_of_less_than_the_minimum")),
        ("ask-too-little", Test("Audit.AuditHistoryTests.A_debit_beside_bills_and_all_letters_about_it")),
        ("no-debt-on-bills", Test("Audit.AuditHistoryTests.A_debt_on_bills_by_share_and_by_day")),
        ("future-version", Test("Audit.AuditHistoryTests.A_version_that_is_not_in_force_and_a_meter_from_before_the_account")),
        ("before-opening", Test("Audit.AuditHistoryTests.A_version_that_is_not_in_force_and_a_meter_from_before_the_account")),
        ("stage-on-a-cent", Test("Audit.AuditHistoryTests.Arrears_of_less_than_the_minimum")),
        ("stage-during-plan", Test("Audit.AuditHistoryTests.A_kept_plan_and_a_dispute")),
        ("stay-dark", Test("Audit.AuditHistoryTests.A_payment_and_a_debt_agreement_in_the_dark")),
        ("count-returns", Test("Audit.AuditLineTests.A_zero_between_two_good_values")),
        ("keep-estimates", Test("Audit.AuditLineTests.An_estimate_that_was_too_high")),
        ("last-shape", Test("Audit.AuditLineTests.A_gap_over_midnight_after_days_of_another_load")),
        ("spike-by-step", Test("Audit.AuditLineTests.A_register_of_whole_kilowatt_hours_that_is_read_every_five_minutes")),
        ("forget-reopened", Test("Metering.MeterMoveTests.A_move_at_midnight_that_becomes_known_late_takes_back_every_day_after_it")),
        ("ignore-quiet-hours", Year),
        ("send-stale", Year),
        ("keep-sales", Year),
        ("forget-parts", Year),
        ("mark-before-send", Simulation),
        ("hide-quarantine", ["faults", "--minutes", "0.5", "--case", "quarantine"]),
    ];

    /// <param name="layer">Only switches of this layer; null is all.</param>
    public static async Task<int> RunAsync(string? layer, CancellationToken cancel)
    {
#if !FAULTS
        Console.Error.WriteLine(
            "sabotage: the switches are only in the test build; run it with: dotnet run -c Faults --project loadtest/AccountGrid.LoadTest -- sabotage");
        await Task.CompletedTask;
        return 2;
#else
        var missed = 0;
        foreach (var group in All.Where(s => layer is null || s.Layer[0] == layer).GroupBy(s => s.Layer[0]))
        {
            // A layer that fails without sabotage too has caught nothing.
            foreach (var calm in Calm(group.Select(s => s.Layer)))
            {
                var (status, output) = await RunAsync("", calm);
                if (status != 0)
                {
                    Console.WriteLine($"{group.Key} fails without sabotage: {output}");
                    missed++;
                }
            }

            foreach (var (name, arguments) in group)
            {
                cancel.ThrowIfCancellationRequested();
                var began = TimeProvider.System.GetTimestamp();
                var (status, output) = await RunAsync(name, arguments);
                var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
                var word = status == 0 ? "NOT CAUGHT by" : "caught by";
                Console.WriteLine($"{name,-22} {word} {arguments[0]} in {seconds:0.0} s: {output.Split('\n').FirstOrDefault(IsSaid)?.Trim()}");
                missed += status == 0 ? 1 : 0;
            }
        }

        Console.WriteLine($"not caught: {missed}");
        return missed > 0 ? 1 : 0;
#endif
    }

    private static string[] Test(string name) => ["domain", "-method", $"AccountGrid.Domain.Tests.{name}"];

#if FAULTS
    /// <summary>What a layer runs without sabotage: tests of the domain all in one process.</summary>
    private static IEnumerable<string[]> Calm(IEnumerable<string[]> layers)
    {
        var all = layers.DistinctBy(l => string.Join(' ', l)).ToList();
        return all[0][0] == "domain" ? [["domain", .. all.SelectMany(l => l[1..])]] : all;
    }

    /// <summary>A line that says what failed.</summary>
    private static bool IsSaid(string line) =>
        line.Length > 0 && !new[] { "xUnit.net", "Discover", "Starting" }.Any(w => line.Contains(w, StringComparison.Ordinal));

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
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException("The domain's tests are missing in the test build: dotnet build tests/AccountGrid.Domain.Tests -c Faults.");
    }
#endif
}
