using AccountGrid.Host.Http;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Hosting;

/// <summary>What the log holds, and in which form.</summary>
internal static class GridLogging
{
    /// <param name="logging">The host's logging.</param>
    /// <param name="quiet">Only warnings.</param>
    public static ILoggingBuilder AddGridLogging(this ILoggingBuilder logging, bool quiet)
    {
        logging.ClearProviders().AddConsole(c => c.FormatterName = LogLines.FormatterName).AddConsoleFormatter<LogLines, LogLineOptions>();
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("AccountGrid", quiet ? LogLevel.Warning : LogLevel.Information);
        logging.AddFilter("Orleans", quiet ? LogLevel.Error : LogLevel.Warning);

        // Notes that tell an operator nothing: the collector's mode, and a watchdog that counts from before the process began.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        // What a gRPC call failed of is the client's to read about, or has a line of the grid's own.
        logging.AddFilter("Grpc", LogLevel.Critical);

        // Who was refused is in the refused log, once a minute for a caller.
        return logging.AddFilter(typeof(ApiKeyHandler).FullName, LogLevel.Warning);
    }
}
