using System.Diagnostics;
using AccountGrid.Host.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AccountGrid.Host.Tests;

/// <summary>How the log reads.</summary>
public sealed class LogLinesTests
{
    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 28, 20, 0, 0, 123, TimeSpan.FromHours(8));
    }

    [Fact]
    public void A_line_begins_with_its_time_and_ends_with_its_trace_id()
    {
        using var request = new Activity("request").Start();
        Assert.Equal($"2026-11-28T12:00:00.123Z warn  Grid.Part[2004] Two lines. trace={request.TraceId.ToHexString()}\n", Written("Two\nlines.", null));
    }

    [Fact]
    public void A_stack_trace_follows_on_lines_of_its_own()
    {
        var error = Assert.ThrowsAny<Exception>((Action)(() => throw new InvalidOperationException("wrong")));
        var lines = Written("It failed.", error).TrimEnd('\n').Split('\n');
        Assert.Equal("2026-11-28T12:00:00.123Z warn  Grid.Part[2004] It failed.", lines[0]);
        Assert.Equal("    System.InvalidOperationException: wrong", lines[1]);
        Assert.True(lines.Length > 2);
        Assert.All(lines.Skip(1), l => Assert.StartsWith("    ", l, StringComparison.Ordinal));
    }

    private static string Written(string message, Exception? error)
    {
        using var writer = new StringWriter();
        new LogLines(new Noon()).Write(new LogEntry<string>(LogLevel.Warning, "Grid.Part", new EventId(2004), message, error, (s, _) => s), null, writer);
        return writer.ToString();
    }
}
