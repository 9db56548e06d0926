using AccountGrid.Host.Database;


namespace AccountGrid.Host.Http;

/// <summary>Says why requests were answered 503: a line a second at most, with the cause in words and how many there were since the last.</summary>
internal sealed partial class NotNowLog(TimeProvider time, ILogger<NotNowLog> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _saidAt;
    private int _unsaid;

    public void Say(HttpRequest request, Exception error)
    {
        int before;
        lock (_lock)
        {
            if (_saidAt is { } at && time.GetElapsedTime(at) < Period)
            {
                _unsaid++;
                return;
            }

            (before, _unsaid, _saidAt) = (_unsaid, 0, time.GetTimestamp());
        }

        NotNow(logger, request.Method, LinkText.HideInPath(request.Path), PassingFaults.Text(error), before);
    }

    [LoggerMessage(7001, LogLevel.Warning, "{Method} {Path} was answered 503: {Cause} ({Before} more since the last such line.)")]
    private static partial void NotNow(ILogger logger, string method, string path, string cause, int before);
}
