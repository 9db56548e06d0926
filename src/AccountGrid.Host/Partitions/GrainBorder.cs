using AccountGrid.Contracts;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// What a grain throws must reach callers in other processes as what it is. Exceptions of libraries, and those that hold one, cannot be written to a message:
/// Orleans would put its own "no codec" in their place, and the cause would be lost. Here each becomes one that can cross, in the same way on the same silo.
/// </summary>
internal sealed partial class GrainBorder(IHostApplicationLifetime life, ILogger<GrainBorder> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception e) when (!Crosses(e) || IsOfStop(e))
        {
            var told = IsOfStop(e) ? new GridUnavailableException($"The silo is stopping: {PassingFaults.Text(e)}") : Told(e);
            if (told is GrainFailedException)
            {
                Failed(logger, context.InterfaceName, context.MethodName, e);
            }

            throw told;
        }
    }

    /// <summary>Whether a silo that stops has taken away what a call needs: its caller finds the grain elsewhere in a moment.</summary>
    private bool IsOfStop(Exception error) => life.ApplicationStopping.IsCancellationRequested && error is InvalidOperationException;

    /// <summary>Whether an exception, with all that it holds, is written and read between processes as it is.</summary>
    internal static bool Crosses(Exception error) => error switch
    {
        AggregateException e => e.InnerExceptions.All(Crosses),
        GridUnavailableException or GrainFailedException or LogBackpressureException or OrleansException =>
            error.InnerException is null || Crosses(error.InnerException),
        _ => error.GetType().Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal))
            && (error.InnerException is null || Crosses(error.InnerException)),
    };

    /// <summary>What callers are told in place of what cannot cross.</summary>
    internal static Exception Told(Exception error) => error switch
    {
        LogBackpressureException e => new LogBackpressureException(e.Message, e.RetryAfter),
        LogUnavailableException or FencedException or RecordQuarantinedException or CatalogUnavailableException or OrleansException =>
            new GridUnavailableException(PassingFaults.Text(error)),
        _ => PassingFaults.Is(error)
            ? new GridUnavailableException(PassingFaults.Text(error))
            : new GrainFailedException($"{error.GetType().Name}: {PassingFaults.Text(error)}"),
    };

    [LoggerMessage(2006, LogLevel.Error, "{Interface}.{Method} failed.")]
    private static partial void Failed(ILogger logger, string @interface, string method, Exception cause);
}
