using System.Net.Sockets;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>
/// Which errors say that the database is away, full, restarting or read-only for a while, and not that something is wrong with what was asked of it. Whoever
/// meets one may ask again; what is in memory stays good.
/// </summary>
public static class PassingFaults
{
    /// <summary>
    /// Classes and codes of SQLSTATE (PostgreSQL, appendix A): 08 connection, 28 authorization (a password that is just being changed), 40 rollback, 53
    /// resources (53300 too many connections, 53100 disk full), 57P operator's intervention (57P01 shutdown, 57P03 cannot connect now), 57014 cancelled, 58
    /// system,
    /// 25006 read-only, 25P03 idle too long, 55006 and 55P03 in use or locked.
    /// </summary>
    private static readonly string[] Passing = ["08", "28", "40", "53", "57P", "57014", "58", "25006", "25P03", "55006", "55P03"];

    /// <summary>Of those, what holds for the whole server until somebody ends it: it answers, and takes no change or no connection.</summary>
    private static readonly string[] OfServer = ["08", "28", "53", "57P", "25006"];

    /// <summary>Whether an error, or one behind it, is of the way to the database or of its state.</summary>
    public static bool Is(Exception error) => error switch
    {
        PostgresException e => Has(e, Passing),
        NpgsqlException or TimeoutException or IOException or SocketException => true,
        InvalidOperationException { Source: "Npgsql" } => true,
        AggregateException e => e.InnerExceptions.All(Is),
        _ => error.InnerException is { } inner && Is(inner),
    };

    /// <summary>Whether an error, or one behind it, came from the database or from the way to it.</summary>
    public static bool IsOfDatabase(Exception error) => error is NpgsqlException || (error.InnerException is { } inner && IsOfDatabase(inner));

    /// <summary>Whether the server is away or takes no changes at all, so that waiting for it loses nothing.</summary>
    public static bool IsServerAway(Exception error) => error switch
    {
        PostgresException e => Has(e, OfServer),

        // Of several servers none could be connected to, each for a reason of its own.
        NpgsqlException { InnerException: AggregateException } => true,
        NpgsqlException { InnerException: { } inner } => inner is IOException or SocketException || IsServerAway(inner),
        NpgsqlException or IOException or SocketException => true,
        _ => false,
    };

    /// <summary>An error and what is behind it, in one line without repetition: what a log line or an answer can say of the cause.</summary>
    public static string Text(Exception error)
    {
        var said = new List<string>();
        for (var e = error; e is not null; e = e.InnerException)
        {
            var text = (e is PostgresException p ? $"{p.SqlState}: {p.MessageText}" : e.Message).ReplaceLineEndings(" ");
            if (!said.Exists(s => s.Contains(text, StringComparison.Ordinal)))
            {
                said.Add(text);
            }
        }

        return string.Join(" ", said);
    }

    private static bool Has(PostgresException error, string[] states) =>
        error.SqlState is { } state && Array.Exists(states, s => state.StartsWith(s, StringComparison.Ordinal));
}
