using System.Collections.Concurrent;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// A process that is to stop writes its partitions' states while they still answer. What a partition writes when it is deactivated is then a moment's work, and
/// the silo that takes it over has as little to replay: both are the time in which nobody answers for it.
/// </summary>
internal sealed partial class Departure : IHostedService
{
    /// <summary>Partitions that write at once: the rest of the pool is for those who still ask.</summary>
    private const int WritersMax = 4;

    /// <summary>A database that takes longer is not waited for: what is not written is replayed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _here = new();
    private readonly SemaphoreSlim _writers = new(WritersMax, WritersMax);
    private readonly TimeProvider _time;
    private readonly ILogger<Departure> _logger;
    private long _stoppingAt;

    public Departure(IHostApplicationLifetime life, TimeProvider time, ILogger<Departure> logger)
    {
        (_time, _logger) = (time, logger);
        life.ApplicationStopping.Register(() => _stoppingAt = time.GetTimestamp());
        life.ApplicationStopped.Register(() => Stopped(logger, time.GetElapsedTime(_stoppingAt).TotalSeconds));
    }

    /// <summary>A partition is here until <see cref="Gone"/>.</summary>
    public void Here(int partition) => _here[partition] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Gone(int partition)
    {
        if (_here.TryRemove(partition, out var done))
        {
            done.TrySetResult();
        }
    }

    /// <summary>
    /// Waits until the process is to stop, then writes a partition's states, a few partitions at a time. Runs on the caller's scheduler. Cancelled when the
    /// partition goes before.
    /// </summary>
    public async Task WriteWhenItBeginsAsync(int partition, Func<Task> write, CancellationToken cancel)
    {
        await _begun.Task.WaitAsync(cancel);
        await _writers.WaitAsync(cancel);
        try
        {
            await write();
        }
        finally
        {
            _writers.Release();
            Gone(partition);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes after the API has stopped taking requests and before the silo leaves its cluster.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var (drained, partitions) = (_time.GetElapsedTime(_stoppingAt), _here.Count);
        _begun.TrySetResult();
        await Task.WhenAll(_here.Values.Select(d => d.Task)).WaitAsync(Patience, TimeProvider.System, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Written(_logger, drained.TotalSeconds, partitions - _here.Count, partitions, _time.GetElapsedTime(_stoppingAt).TotalSeconds);
    }

    [LoggerMessage(2007, LogLevel.Information,
        "Stopping: requests had ended after {Drained:0.0} s, states of {Written} of {Partitions} partitions were written after {Seconds:0.0} s.")]
    private static partial void Written(ILogger logger, double drained, int written, int partitions, double seconds);

    [LoggerMessage(2008, LogLevel.Information, "Stopped after {Seconds:0.0} s.")]
    private static partial void Stopped(ILogger logger, double seconds);
}
