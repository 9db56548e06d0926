using System.Globalization;

namespace AccountGrid.LoadTest.Faults;

/// <summary>The verb <c>faults</c>: real silos, real database, drawn faults alone and in pairs, each judged from what the clients were told.</summary>
internal static class FaultsCommand
{
#if FAULTS
    /// <summary>Cases on one grid before a new one is made.</summary>
    private const int CasesPerRound = 12;

    /// <summary>Share of cases that are drawn in pairs, percent.</summary>
    private const int PairPercent = 30;
#endif

#if !FAULTS
    public static Task<int> RunAsync(FaultOptions options, CancellationToken cancel)
    {
        Console.Error.WriteLine(
            "faults: failpoints are only in the test build; run it with: dotnet run -c Faults --project loadtest/AccountGrid.LoadTest -- faults");
        return Task.FromResult(2);
    }
#else
    public static async Task<int> RunAsync(FaultOptions options, CancellationToken cancel)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "accountgrid.dll");
        var random = new Random(options.Seed);
        var began = TimeProvider.System.GetTimestamp();
        var (lost, doubled, wrong, vacuous, cases) = (0, 0, 0, 0, 0);
        var folder = options.Folder ?? Path.Combine(Path.GetTempPath(), $"ag-faults-{Guid.NewGuid():N}"[..20]);
        var inOrder = new Queue<FaultCase>(options.Each ? FaultCases.All : []);
        bool GoesOn() =>
            !cancel.IsCancellationRequested && (options.Each ? inOrder.Count > 0 : TimeProvider.System.GetElapsedTime(began).TotalMinutes < options.Minutes);
        for (var round = 1; GoesOn(); round++)
        {
            var place = Path.Combine(folder, $"round{round}");
            await using var grid = await FaultRound.StartAsync(place, program, random.Next(), options.Sabotage, options.Before);
            var dirty = false;
            if (options.Before is not null)
            {
                var upgrade = await grid.UpgradeAsync();
                cases++;
                (lost, doubled, wrong) = (lost + upgrade.Verdict.Lost, doubled + upgrade.Verdict.Doubled, wrong + upgrade.Verdict.Wrong);
                Say(upgrade with { Name = "upgrade" }, grid.History);
            }

            for (var i = 0; i < CasesPerRound && !dirty && GoesOn(); i++)
            {
                var seed = random.Next();
                var result = await grid.TryAsync(options.Each ? [inOrder.Dequeue()] : Draw(options, random), seed);
                cases++;
                (lost, doubled, wrong) = (lost + result.Verdict.Lost, doubled + result.Verdict.Doubled, wrong + result.Verdict.Wrong);
                vacuous += result.Vacuous is null ? 0 : 1;
                dirty = !result.Verdict.IsClean;
                Say(result, grid.History);
            }

            var (status, output) = await grid.AuditAsync();
            if (status != 0)
            {
                wrong++;
                Console.WriteLine(output);
            }

            if (dirty || status != 0)
            {
                Console.WriteLine($"Logs of the silos: {place}");
                if (options.StopsAtFirst)
                {
                    break;
                }
            }
        }

        Console.WriteLine($"{cases} cases with seed {options.Seed}, {vacuous} of them without effect");
        Console.WriteLine($"lost {lost}, doubled {doubled}, wrong {wrong}");
        return lost + doubled + wrong > 0 || cases == vacuous ? 1 : 0;
    }
#endif

    /// <summary>One line on a case.</summary>
    public static string Line(CaseResult result, FaultHistory history) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Name,-44} lost {result.Verdict.Lost}, doubled {result.Verdict.Doubled}, wrong {result.Verdict.Wrong}; all answered "
            + $"{result.Recovery.TotalSeconds:0.0} s after its end; {history.Readings} readings, {history.Payments.Count} payments, "
            + $"{history.Crossings.Values.Sum()} crossings, {history.Retried} retries{(result.Vacuous is null ? "" : $"; WITHOUT EFFECT: {result.Vacuous}")}");

#if FAULTS
    private static void Say(CaseResult result, FaultHistory history)
    {
        Console.WriteLine(Line(result, history));
        foreach (var finding in result.Verdict.Findings)
        {
            Console.WriteLine("  " + finding);
        }
    }

    private static List<FaultCase> Draw(FaultOptions options, Random random)
    {
        var all = options.Cases.Count > 0 ? [.. options.Cases.Select(FaultCases.Find)] : FaultCases.All;
        var first = all[random.Next(all.Count)];
        var pair = options.Cases.Count == 0 && random.Next(100) < PairPercent ? all[random.Next(all.Count)] : null;
        return pair is null || pair == first ? [first] : [first, pair];
    }
#endif
}
