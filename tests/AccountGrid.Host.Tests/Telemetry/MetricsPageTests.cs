using System.Diagnostics.Metrics;
using System.Text;
using AccountGrid.Host.Telemetry;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Telemetry;

/// <summary>The page of metrics is made from the instruments.</summary>
public sealed class MetricsPageTests(GridFixture grid)
{
    private const string Head = """
        # Metrics

        Set `Telemetry__MetricsPort` and let Prometheus fetch `http://127.0.0.1:PORT/metrics`, or set `Telemetry__OtlpEndpoint` to send metrics, traces and logs
        to an OpenTelemetry collector. Neither is on by default; [settings](settings.md) has both.

        The grid's own metrics are below; this page is made from them by a test. Beside them are those of requests (`http.server.request.duration` by route), of
        Kestrel, Orleans, Npgsql and the .NET runtime. Prometheus replaces the dots by `_` and appends the unit, and `_total` to a counter.
        "Of the whole grid" means that each process reports the same: take the greatest, not the sum.

        | metric | kind | unit | what it is |
        |---|---|---|---|

        """;

    private const string Tail = """

        ## What to watch

        | question | look at | act when |
        |---|---|---|
        | Are readings taken? | `accountgrid.readings` by outcome; `http.server.request.duration` of `/v1/readings` | rejected grows; 429 and 503 appear |
        | Are balances fresh? | `accountgrid.fold.delay`, `accountgrid.partition.lag` | a lag that grows for minutes; above 20,000 records no supply is cut |
        | Does every partition have a process? | sum of `accountgrid.partitions` | it falls for more than a minute; a partition begins with its first record |
        | Does the database keep up? | `accountgrid.log.commit.duration`, `accountgrid.flush.duration` | the 99th percentile is above 100 ms; any `error.type` |
        | Are customers told? | `accountgrid.outbox.age`, `accountgrid.messages` with outcome `parked` | older than some minutes outside quiet hours |
        | Who waits for a decision? | `accountgrid.cuts.held`, `accountgrid.records.undecided`, `accountgrid.cuts.stopped` | not 0 |

        """;

    [Fact]
    public async Task The_page_of_metrics_says_what_the_instruments_say()
    {
        Assert.NotNull(grid.Host.Services.GetRequiredService<GridGauges>());
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (i, _) =>
            {
                if (i.Meter.Name == GridMetrics.Name)
                {
                    found[i.Name] = $"| `{i.Name}` | {KindOf(i)} | {i.Unit} | {i.Description} |\n";
                }
            };
            GridMetrics.Readings(0, 0, []);
            listener.Start();
        }

        var page = new StringBuilder(Head).AppendJoin("", found.Values).Append(Tail).ToString();
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "metrics.md"), page, TestContext.Current.CancellationToken);
        }

        Assert.All(found, m => Assert.DoesNotContain("| |", m.Value, StringComparison.Ordinal));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(ComposeFile.Root, "docs", "metrics.md"), TestContext.Current.CancellationToken), page);
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "UpDownCounter" => "up-down counter",
        "Histogram" => "histogram",
        "ObservableGauge" => "gauge",
        var other => throw new InvalidOperationException($"An instrument of the kind {other} is not described."),
    };
}
