using Microsoft.Extensions.Logging;

namespace AccountGrid.Streams.Postgres;

/// <summary>Every log line of the library, with a stable id.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1001, LogLevel.Warning, "The commit of {Callers} appends failed; their outcome is unknown.")]
    public static partial void CommitFailed(ILogger logger, int callers, Exception cause);

    [LoggerMessage(1002, LogLevel.Warning, "Reading the log's tail failed; trying again.")]
    public static partial void TailFailed(ILogger logger, Exception cause);
}
