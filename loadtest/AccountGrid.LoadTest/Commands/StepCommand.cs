using System.Globalization;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;

namespace AccountGrid.LoadTest.Commands;

/// <summary>The verb <c>step</c>: the highest rate whose acknowledgement stays under a bound, by doubling and then halving the step.</summary>
internal static class StepCommand
{
    private const int Halvings = 4;

    /// <summary>Seconds at each rate before it is measured, so that what the one before left is over.</summary>
    private const double Between = 2;

    /// <summary>Throws <see cref="FormatException"/>, with nothing begun, if the meters have too few past readings for the first rate.</summary>
    public static async Task<int> RunAsync(RunOptions options, double boundMs, double fromPerSecond, CancellationToken cancel)
    {
        var display = new ProgressDisplay();
        if (options.Schedule.Count > 0)
        {
            throw new FormatException("--fault: a search has no moment of its own to do it at; use run.");
        }

        options = options with { WarmUpSeconds = Math.Max(Between, options.WarmUpSeconds), IsSearch = true };
        var natural = options.Meters / (double)options.IntervalSeconds;
        var room = options.PastSeconds(TimeProvider.System) - (fromPerSecond / natural * options.WarmUpSeconds);
        if (room < Needed(fromPerSecond))
        {
            throw new FormatException(TooFew(options, fromPerSecond));
        }

        await using var run = new LoadRun(options, TimeProvider.System, display);
        await run.PrepareAsync();
        RunResult? best = null;
        var tried = new List<SearchStep>();
        double good = 0, bad = 0, step = fromPerSecond;
        for (var halvings = 0; halvings < Halvings;)
        {
            var rate = good + step;
            if (room < Needed(rate))
            {
                await Console.Error.WriteLineAsync(TooFew(options, rate));
                break;
            }

            room -= Needed(rate);
            var result = await run.MeasureAsync(rate / natural, options.Seconds, best is null && bad == 0 ? options.WarmUpSeconds : Between, cancel);
            var holds = result.Acknowledgement.P99 <= boundMs && result.Accepted >= 0.98 * result.Offered;
            tried.Add(new SearchStep(rate, result.Acknowledgement.P99, result.Offered == 0 ? 0 : (double)result.Accepted / result.Offered, holds));
            display.Say(
                string.Create(CultureInfo.InvariantCulture,
                    $"{rate,10:N0} readings/s: acknowledgement p99 {result.Acknowledgement.P99:0.0} ms, "
                        + $"{(result.Offered == 0 ? 0 : 100.0 * result.Accepted / result.Offered):0.0} % of what fell due accepted: "
                        + $"{(holds ? "holds" : "does not hold")}"));
            if (holds)
            {
                (good, best) = (rate, result);
                step = bad == 0 ? good : step / 2;
            }
            else
            {
                bad = rate;
                step /= 2;
            }

            halvings += bad > 0 ? 1 : 0;
        }

        if (best is null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Not even {bad:N0} readings a second hold {boundMs} ms."));
            return 1;
        }

        var books = options.NoBooks ? null : await run.CloseBooksAsync(cancel);
        best = await RunCommand.WithNoticesAsync(run, best with { Books = books, Search = tried }, cancel);
        var report = await RunReport.WriteAsync(best, options.Report);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{(bad == 0 ? "None that was tried is too high; highest" : "Highest")} rate with acknowledgement p99 under {boundMs} ms: {good:N0} "
                    + $"readings a second. Report: {report}"));
        return best.Failed ? 1 : 0;

        double Needed(double rate) => rate / natural * (options.Seconds + Between);
    }

    private static string TooFew(RunOptions options, double rate) => string.Create(
        CultureInfo.InvariantCulture,
        $"--meters: {options.Meters:N0} meters have no {rate:N0} readings a second behind them for {options.Seconds} s, since a reading of the future is "
            + $"refused; take more meters, a shorter --interval, or fewer --seconds.");
}
