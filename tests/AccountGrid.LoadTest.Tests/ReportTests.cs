using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;

namespace AccountGrid.LoadTest.Tests;

/// <summary>A figure that was not measured is not shown, and one that is shown says what it is of.</summary>
public sealed class ReportTests
{
    [Fact]
    public void The_progress_line_shows_the_worst_second_since_the_last_line_and_no_NaN()
    {
        var line = ProgressDisplay.Line(
            [Second(1, ack: 80, query: double.NaN), Second(2, ack: 3, query: double.NaN), Second(3, ack: double.NaN, query: double.NaN)]);
        Assert.Contains("worst second's p99: ack    80.0 ms", line, StringComparison.Ordinal);
        Assert.Contains("query          -", line, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_percentile_of_too_few_samples_is_not_shown()
    {
        var result = new RunResult
        {
            Started = "now",
            Settings = new Dictionary<string, string>(),
            Machine = new Dictionary<string, string>(),
            Seconds = 1,
            Offered = 51,
            Accepted = 51,
            Rejected = 0,
            Requests = 51,
            Trouble = new Dictionary<string, long>(),
            Acknowledgement = Of(1_000),
            Service = Of(999),
            Freshness = Of(99),
            Queries = Of(51),
            TopUps = Of(9),
            Notices = Of(0),
            LiveEvents = 0,
            Faults = [],
            Series = [],
        };
        var rows = RunReport.Markdown(result).Split('\n').Where(l => l.StartsWith('|')).Select(l => l.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(["1.0", "1.0", "1.0", "1.0", "1.0"], rows[2][3..8]);
        Assert.Equal(["1.0", "1.0", "1.0", "-", "1.0"], rows[3][3..8]);
        Assert.Equal(["1.0", "1.0", "-", "-", "1.0"], rows[4][3..8]);
        Assert.Equal(["1.0", "1.0", "-", "-", "1.0"], rows[5][3..8]);
        Assert.Equal(["1.0", "-", "-", "-", "1.0"], rows[6][3..8]);
    }

    [Fact]
    public async Task The_report_lies_where_its_message_says()
    {
        var folder = Path.GetRelativePath(Environment.CurrentDirectory, Directory.CreateTempSubdirectory("report").FullName);
        var result = new RunResult
        {
            Started = "now",
            Settings = new Dictionary<string, string>(),
            Machine = new Dictionary<string, string>(),
            Seconds = 1,
            Offered = 0,
            Accepted = 0,
            Rejected = 0,
            Requests = 0,
            Trouble = new Dictionary<string, long>(),
            Acknowledgement = Of(1),
            Service = Of(1),
            Freshness = Of(0),
            Queries = Of(0),
            TopUps = Of(0),
            Notices = Of(0),
            LiveEvents = 0,
            Faults = [],
            Series = [Second(1, 1, 1)],
        };
        var report = await RunReport.WriteAsync(result, folder);
        Assert.True(Path.IsPathFullyQualified(report) && File.Exists(report));
        Directory.Delete(folder, recursive: true);
    }

    private static LatencySummary Of(int count)
    {
        var latencies = new Latencies();
        for (var i = 0; i < count; i++)
        {
            latencies.Record(TimeSpan.FromMilliseconds(1));
        }

        return latencies.Summary();
    }

    private static SecondSample Second(int second, double ack, double query) => new(second, 10, 10, ack, double.NaN, query, 0, 0, 0, 0);
}
