using System.Collections.Concurrent;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Security;

/// <summary>
/// Says in the log who was refused: once a minute for a caller and status, with how often it was since the last time, so that nobody fills the log. A caller is
/// a key's public id or an operator's subject, or an address where there is none.
/// </summary>
internal sealed partial class RefusedLog(ILogger<RefusedLog> logger)
{
    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Callers that are told apart; a flood of more addresses is one caller.</summary>
    private const int CallersMax = 10_000;

    private const int PathMaxLength = 200;

    private readonly ConcurrentDictionary<(string Caller, int Status), Count> _counts = new();
    private readonly Lock _forgetting = new();
    private long _forgotAt = TimeProvider.System.GetTimestamp();

    /// <summary>Middleware around all that may refuse.</summary>
    public async Task WatchAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response.StatusCode is 401 or 403 or 429)
        {
            Say(http.User.Identity?.IsAuthenticated == true ? http.User.Person() : $"address {http.Connection.RemoteIpAddress}", http.Response.StatusCode,
                http.Request.Method, LinkText.HideInPath(http.Request.Path));
        }
    }

    internal void Say(string caller, int status, string method, string path)
    {
        if (_counts.Count >= CallersMax && !_counts.ContainsKey((caller, status)) && !TryForget())
        {
            caller = "one of many callers";
        }

        if (_counts.GetOrAdd((caller, status), _ => new Count()).Next() is { } before)
        {
            Refused(logger, caller, status, method, new string([.. path.Take(PathMaxLength).Select(c => char.IsControl(c) ? '?' : c)]), before);
        }
    }

    /// <summary>Begins anew, at most once a period.</summary>
    private bool TryForget()
    {
        lock (_forgetting)
        {
            if (TimeProvider.System.GetElapsedTime(_forgotAt) < Period)
            {
                return false;
            }

            _counts.Clear();
            _forgotAt = TimeProvider.System.GetTimestamp();
            return true;
        }
    }

    [LoggerMessage(2204, LogLevel.Warning, "{Caller} was answered {Status} at {Method} {Path} ({Before} more since the last such line).")]
    private static partial void Refused(ILogger logger, string caller, int status, string method, string path, int before);

    private sealed class Count
    {
        private readonly Lock _lock = new();
        private long? _saidAt;
        private int _unsaid;

        /// <summary>How many were not said since the last line, where there is to be another; null where there is not.</summary>
        public int? Next()
        {
            lock (_lock)
            {
                if (_saidAt is { } at && TimeProvider.System.GetElapsedTime(at) < Period)
                {
                    _unsaid++;
                    return null;
                }

                var before = _unsaid;
                (_saidAt, _unsaid) = (TimeProvider.System.GetTimestamp(), 0);
                return before;
            }
        }
    }
}
