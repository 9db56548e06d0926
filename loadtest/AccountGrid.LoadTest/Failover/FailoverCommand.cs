using System.Globalization;
using AccountGrid.LoadTest.Faults;

namespace AccountGrid.LoadTest.Failover;

/// <summary>The verb <c>failover</c>: three silos on a database of three nodes under Patroni, each fault judged from what the clients were told.</summary>
internal static class FailoverCommand
{
    /// <param name="names">Only these faults; empty is all.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> names, int rounds, int seed, CancellationToken cancel)
    {
        await PatroniPackages.InstallAsync(Console.Error.WriteLine);
        var folder = Path.Combine(Path.GetTempPath(), $"ag-failover-{Guid.NewGuid():N}"[..20]);
        await using var cluster = await PatroniCluster.StartAsync(folder + "-db");
        var cases = new FailoverCases(cluster);
        var chosen = names.Count == 0 ? cases.All : [.. names.Select(n => cases.All.FirstOrDefault(c => c.Name == n) ?? throw new FormatException(
            $"'{n}' is no fault; there are: {string.Join(", ", cases.All.Select(c => c.Name))}."))];
        await using var grid = await FaultRound.StartOnAsync(folder, Path.Combine(AppContext.BaseDirectory, "accountgrid.dll"), seed, cluster.Connection,
            cluster.EnsureWholeAsync);
        var (lost, doubled, wrong, vacuous) = (0, 0, 0, 0);
        foreach (var (i, fault) in Enumerable.Repeat(chosen, rounds).SelectMany(c => c).Index())
        {
            cancel.ThrowIfCancellationRequested();
            var result = await grid.TryAsync([fault], seed + i);
            (lost, doubled, wrong) = (lost + result.Verdict.Lost, doubled + result.Verdict.Doubled, wrong + result.Verdict.Wrong);
            vacuous += result.Vacuous is null ? 0 : 1;
            Console.WriteLine(Line(result, cases.Took, grid.LongestStall));
            foreach (var finding in result.Verdict.Findings)
            {
                Console.WriteLine("  " + finding);
            }
        }

        var (status, output) = await grid.AuditAsync();
        Console.WriteLine(status == 0 ? "audit: no difference" : output);
        Console.WriteLine($"lost {lost}, doubled {doubled}, wrong {wrong}{(vacuous == 0 ? "" : $"; {vacuous} without effect")}");
        if (lost + doubled + wrong + status + vacuous > 0)
        {
            Console.WriteLine($"Logs of the silos: {folder}");
            return 1;
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    /// <summary>One line on a fault: what it cost, and how long nobody was answered.</summary>
    public static string Line(CaseResult result, (TimeSpan? Patroni, TimeSpan? Beyond) took, TimeSpan stall)
    {
        var text = CultureInfo.InvariantCulture;
        var change = took is ({ } patroni, { } beyond)
            ? string.Create(text, $"; another primary after {patroni.TotalSeconds:0.0} s, every gateway answered {beyond.TotalSeconds:0.0} s later")
            : "";
        return string.Create(text, $"{result.Name,-16} lost {result.Verdict.Lost}, doubled {result.Verdict.Doubled}, wrong {result.Verdict.Wrong}; "
            + $"nobody answered for {stall.TotalSeconds:0.0} s{change}{(result.Vacuous is { } why ? $"; WITHOUT EFFECT: {why}" : "")}");
    }
}
