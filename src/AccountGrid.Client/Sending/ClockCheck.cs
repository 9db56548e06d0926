using Microsoft.Extensions.Logging;

namespace AccountGrid.Client.Sending;

/// <summary>Compares this clock with the grid's by the Date of its answers. Nothing is altered by it: whose clock is wrong is for a person to see.</summary>
internal sealed partial class ClockCheck(TimeSpan tolerance, TimeProvider time, GatewayMetrics metrics, ILogger logger)
{
    /// <summary>The header has whole seconds, cut off: on average it is half a second behind.</summary>
    private static readonly TimeSpan HeaderMiddle = TimeSpan.FromMilliseconds(500);

    private bool _isOff;

    /// <summary>How far this clock is ahead; null where no answer said.</summary>
    public TimeSpan? Offset { get; private set; }

    /// <summary>The grid's time; null where no answer said.</summary>
    public DateTimeOffset? GridTime => time.GetUtcNow() - Offset;

    /// <param name="received">When an answer of the grid came. It says when it was begun, also where the grid waited before that.</param>
    /// <param name="date">What it says.</param>
    public void Observe(DateTimeOffset received, DateTimeOffset? date)
    {
        if (date is not { } told)
        {
            return;
        }

        var offset = received - (told + HeaderMiddle);
        Offset = offset;
        metrics.ClockOffset(offset);
        var isOff = offset.Duration() > tolerance;
        if (isOff && !_isOff)
        {
            ClockIsOff(logger, offset.TotalSeconds, tolerance.TotalSeconds);
        }

        _isOff = isOff;
    }

    [LoggerMessage(9002, LogLevel.Warning, "This clock is {Seconds:F1} s ahead of the grid's (negative: behind); {Tolerance} s are tolerated.")]
    private static partial void ClockIsOff(ILogger logger, double seconds, double tolerance);
}
