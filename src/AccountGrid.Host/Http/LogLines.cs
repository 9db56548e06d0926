using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AccountGrid.Host.Http;

/// <summary>
/// A log line: UTC time, level, category and event, the message on one line, and the trace id of the request that it belongs to, if any. An exception follows
/// on lines of its own, indented, so that a line that begins with a time is always a message.
/// </summary>
internal sealed class LogLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "grid";

    /// <summary>Under which grains find the trace id of the request that called them, in whichever process.</summary>
    internal const string TraceKey = "trace";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        if (message.Length == 0 && entry.Exception is null)
        {
            return;
        }

        writer.Write(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.Write(LevelOf(entry.LogLevel));
        writer.Write(entry.Category);
        writer.Write('[');
        writer.Write(entry.EventId.Id.ToString(CultureInfo.InvariantCulture));
        writer.Write("] ");
        writer.Write(message.ReplaceLineEndings(" "));
        if (Trace is { } trace)
        {
            writer.Write(" trace=");
            writer.Write(trace);
        }

        writer.Write('\n');
        foreach (var line in entry.Exception?.ToString().Split('\n') ?? [])
        {
            writer.Write("    ");
            writer.Write(line.TrimEnd('\r'));
            writer.Write('\n');
        }
    }

    /// <summary>The trace id of the request that is being answered, as its problem details name it; null outside of one.</summary>
    public static string? Trace => Activity.Current is { } activity ? activity.TraceId.ToHexString() : RequestContext.Get(TraceKey) as string;

    /// <summary>Hands a request's trace id on to the grains that it calls.</summary>
    public static Task CarryTraceAsync(HttpContext http, RequestDelegate next)
    {
        if (Activity.Current is { } activity)
        {
            RequestContext.Set(TraceKey, activity.TraceId.ToHexString());
        }

        return next(http);
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => " trace ",
        LogLevel.Debug => " debug ",
        LogLevel.Information => " info  ",
        LogLevel.Warning => " warn  ",
        LogLevel.Error => " error ",
        _ => " fatal ",
    };
}
