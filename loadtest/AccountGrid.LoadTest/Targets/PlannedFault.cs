using System.Globalization;

namespace AccountGrid.LoadTest.Targets;

/// <summary>A fault at a moment of the run: what, for how long, and to which silo.</summary>
public sealed record PlannedFault(TimeSpan At, string Kind, TimeSpan For, int Silo)
{
    /// <summary>
    /// Reads <c>AT:KIND[:SECONDS[:SILO]]</c> with AT in seconds: <c>60:kill:5:1</c> kills silo 1 after a minute and starts it again five seconds later. Kinds:
    /// <c>kill</c>, <c>stop</c> (SIGTERM), <c>freeze</c>, <c>database</c> (killed and started again). Throws <see cref="FormatException"/> for anything else.
    /// </summary>
    public static PlannedFault Parse(string text)
    {
        var parts = text.Split(':');
        double seconds = 5;
        var silo = 0;
        if (parts.Length is < 2 or > 4 || !double.TryParse(parts[0], CultureInfo.InvariantCulture, out var at) || at < 0
            || parts[1] is not ("kill" or "stop" or "freeze" or "database")
            || (parts.Length > 2 && (!double.TryParse(parts[2], CultureInfo.InvariantCulture, out seconds) || seconds < 0))
            || (parts.Length > 3 && (!int.TryParse(parts[3], CultureInfo.InvariantCulture, out silo) || silo < 0)))
        {
            throw new FormatException($"--fault: '{text}' is not AT:KIND[:SECONDS[:SILO]] with AT in seconds and KIND one of kill, stop, freeze, database.");
        }

        return new PlannedFault(TimeSpan.FromSeconds(at), parts[1], TimeSpan.FromSeconds(seconds), silo);
    }
}
