using System.Globalization;
using AccountGrid.LoadTest.Measures;
using Spectre.Console;

namespace AccountGrid.LoadTest.Reports;

/// <summary>On a terminal a table that rewrites itself, with the last minute as bars; elsewhere a plain line every five seconds.</summary>
public sealed class ProgressDisplay : IProgressDisplay
{
    private const int PlainEvery = 5;
    private const int BarSeconds = 60;

    private readonly bool _isTerminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
    private readonly Queue<SecondSample> _recent = new();
    private readonly Lock _lock = new();
    private int _shownStep;
    private int _plain;
    private int _drawnLines;

    public void Say(string line)
    {
        lock (_lock)
        {
            _drawnLines = 0;
            Console.WriteLine(line);
        }
    }

    public void Step(string what, int done, int of)
    {
        var tenth = (int)(10L * done / of);
        lock (_lock)
        {
            if (tenth > _shownStep || done == of)
            {
                _shownStep = done == of ? 0 : tenth;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {done:N0} of {of:N0} {what}"));
            }
        }
    }

    public void Show(SecondSample s)
    {
        lock (_lock)
        {
            _recent.Enqueue(s);
            while (_recent.Count > BarSeconds)
            {
                _recent.Dequeue();
            }

            if (_isTerminal)
            {
                Draw(s);
            }
            else if (s.Second / PlainEvery != _plain)
            {
                _plain = s.Second / PlainEvery;
                Console.WriteLine(Line([.. _recent.TakeLast(PlainEvery)]));
            }
        }
    }

    /// <summary>
    /// Seconds as one line: the mean of what was acknowledged, and of each latency the worst second's 99th percentile; "-" where nothing was measured.
    /// </summary>
    internal static string Line(IReadOnlyList<SecondSample> seconds)
    {
        var last = seconds[^1];
        string Worst(Func<SecondSample, double> value) => Ms(seconds.Select(value).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Max());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{last.Second,5} s  {seconds.Average(r => r.Acknowledged),9:N0} readings/s  worst second's p99: ack {Worst(s => s.AckP99Ms),10}  fresh "
                + $"{Worst(s => s.FreshnessP99Ms),10}  query {Worst(s => s.QueryP99Ms),10}  cpu silo {last.SiloCpu:0.00} db {last.DatabaseCpu:0.00} tester "
                + $"{last.TesterCpu:0.00}  silo {last.SiloMb:0} MB");
    }

    private void Draw(SecondSample s)
    {
        // Rendered first, so that what is erased next time is as many lines as it took on this terminal's width.
        var width = Math.Max(40, AnsiConsole.Profile.Width);
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.Yes });
        console.Profile.Width = width;
        var table =
            new Table().Border(TableBorder.Rounded).AddColumns("second", "readings/s", "ack p99", "fresh p99", "query p99", "cpu silo / db / tester", "silo");
        table.AddRow(
            $"{s.Second}", $"{s.Acknowledged:N0} of {s.Offered:N0}", Ms(s.AckP99Ms), Ms(s.FreshnessP99Ms), Ms(s.QueryP99Ms),
            string.Create(CultureInfo.InvariantCulture, $"{s.SiloCpu:0.00} / {s.DatabaseCpu:0.00} / {s.TesterCpu:0.00}"), $"{s.SiloMb:N0} MB");
        console.Write(table);
        var bars = _recent.TakeLast(width - 12).ToList();
        text.Write("readings  " + Bars(bars, r => r.Acknowledged) + "\n");
        text.Write("ack p99   " + Bars(bars, r => double.IsNaN(r.AckP99Ms) ? 0 : r.AckP99Ms) + "\n");
        if (_drawnLines > 0)
        {
            Console.Write($"\u001b[{_drawnLines}A\u001b[J");
        }

        Console.Write(text.ToString());
        _drawnLines = text.ToString().Count(c => c == '\n');
    }

    private static string Bars(List<SecondSample> samples, Func<SecondSample, double> value)
    {
        var most = Math.Max(1, samples.Max(value));
        return string.Concat(samples.Select(r => " ▁▂▃▄▅▆▇█"[(int)(8 * value(r) / most)]));
    }

    private static string Ms(double ms) => double.IsNaN(ms) ? "-" : string.Create(CultureInfo.InvariantCulture, $"{ms:0.0} ms");
}
