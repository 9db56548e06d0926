using System.Globalization;
using AccountGrid.LoadTest.Driving;

namespace AccountGrid.LoadTest.Faults;

/// <summary>
/// The verb <c>takeover</c>: how long it takes until every partition answers again through the other silos after one is killed, and after one stands still.
/// </summary>
internal static class TakeoverCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(int rounds, CancellationToken cancel)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"ag-takeover-{Guid.NewGuid():N}"[..22]);
        await using var round = await FaultRound.StartAsync(folder, Path.Combine(AppContext.BaseDirectory, "accountgrid.dll"), seed: 1);
        var (kills, freezes) = (new List<double>(), new List<double>());
        for (var i = 0; i < rounds && !cancel.IsCancellationRequested; i++)
        {
            var silo = i % 3;
            kills.Add(await MeasureAsync(round, silo, () => round.Grid.Process(silo).KillAsync()));
            await round.Grid.StartEndedAsync();
            await FaultCases.WaitAsync(6);
            freezes.Add(await MeasureAsync(round, silo, () => round.Grid.Process(silo).FreezeAsync()));
            await round.Grid.Process(silo).ThawAsync();
            await FaultCases.WaitAsync(6);
            await round.Grid.StartEndedAsync();
            await FaultCases.WaitAsync(6);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"killed: {kills[^1]:0.0} s, frozen: {freezes[^1]:0.0} s"));
        }

        string Text(List<double> all) =>
            string.Create(CultureInfo.InvariantCulture, $"median {all.Order().ElementAt(all.Count / 2):0.0} s, longest {all.Max():0.0} s of {all.Count}");
        Console.WriteLine($"every partition answers again after a kill: {Text(kills)}; after a freeze: {Text(freezes)}");
        return 0;
    }

    /// <summary>Asks each account's balance through the other silos, again and again; the time from the fault to the last account's first answer.</summary>
    private static async Task<double> MeasureAsync(FaultRound round, int silo, Func<Task> fault)
    {
        using var api = new GridApi([.. round.Grid.Urls.Where((_, i) => i != silo)], round.Grid.Key, TimeSpan.FromSeconds(1));
        await fault();
        var began = TimeProvider.System.GetTimestamp();
        var waiting = round.History.Meters.Select(m => m.Account).ToHashSet();
        while (waiting.Count > 0 && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            await Parallel.ForEachAsync(waiting.ToArray(), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (account, cancel) =>
            {
                try
                {
                    // A position that every account has: its partition is asked, not a grain's memory.
                    await api.BalancesOnceAsync([account], cancel);
                    lock (waiting)
                    {
                        waiting.Remove(account);
                    }
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
                {
                    // Not yet.
                }
            });
        }

        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }
}
