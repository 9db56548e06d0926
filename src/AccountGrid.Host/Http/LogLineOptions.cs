using Microsoft.Extensions.Logging.Console;

namespace AccountGrid.Host.Http;

/// <summary>No options of its own.</summary>
internal sealed class LogLineOptions : ConsoleFormatterOptions;
