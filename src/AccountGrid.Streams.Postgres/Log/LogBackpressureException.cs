namespace AccountGrid.Streams.Postgres;

/// <summary>The log does not take more right now: try again after <see cref="RetryAfter"/>. Nothing was appended.</summary>
[Orleans.GenerateSerializer]
[Orleans.Alias("AccountGrid.Streams.LogBackpressureException")]
public sealed class LogBackpressureException(string message, TimeSpan retryAfter) : Exception(message)
{
    [Orleans.Id(0)]
    public TimeSpan RetryAfter { get; } = retryAfter;
}
