namespace AccountGrid.Host.Measures;

/// <summary>Keeps which kinds of warnings and errors this process's log had last, for operators to see.</summary>
internal sealed class FaultLog(TimeProvider time) : ILoggerProvider
{
    private const int KindsMax = 20;
    private const int TextMax = 300;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Category, int Event), Fault> _faults = [];

    /// <summary>The last, newest first.</summary>
    public IReadOnlyList<Fault> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Values.OrderByDescending(f => f.At)];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Keeper(this, categoryName.Split('.')[^1]);

    public void Dispose()
    {
    }

    private void Keep(LogLevel level, string category, int id, string template)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var count = _faults.GetValueOrDefault((category, id))?.Count ?? 0;
            _faults[(category, id)] = new(now, level.ToString().ToLowerInvariant(), category, id, template, count + 1);
            if (_faults.Count > KindsMax)
            {
                _faults.Remove(_faults.MinBy(f => f.Value.At).Key);
            }
        }
    }

    private sealed class Keeper(FaultLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            // A message without a template is a text that somebody put together: what is in it is not known.
            var template = (state as IReadOnlyList<KeyValuePair<string, object?>>)?.FirstOrDefault(p => p.Key == "{OriginalFormat}").Value as string ?? "";
            var text = exception is null ? template : $"{template} ({exception.GetType().Name})".Trim();
            log.Keep(logLevel, category, eventId.Id, text.Length > TextMax ? text[..TextMax] : text);
        }
    }
}
