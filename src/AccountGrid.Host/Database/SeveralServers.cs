using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>A connection string that names several servers, of which one is the primary: <c>Host=db1,db2,db3</c>, each with a port where needed.</summary>
internal static class SeveralServers
{
    /// <summary>Longest time to connect to one of them, seconds: a server that stands still must not keep a caller from the others.</summary>
    private const int ConnectSeconds = 5;

    private static readonly string[] OfPrimary = ["primary", "read-write"];

    public static bool Are(NpgsqlConnectionStringBuilder connection) => connection.Host?.Contains(',', StringComparison.Ordinal) == true;

    /// <summary>Has Npgsql look for the primary, unless the string says so itself.</summary>
    /// <param name="given">What the operator wrote.</param>
    public static void AskForPrimary(NpgsqlConnectionStringBuilder connection, DbConnectionStringBuilder given)
    {
        if (!Are(connection))
        {
            return;
        }

        connection.TargetSessionAttributes ??= OfPrimary[0];
        connection.Timeout = given.ContainsKey("Timeout") ? connection.Timeout : ConnectSeconds;
    }

    /// <summary>Throws <see cref="StartException"/> where the string may lead to a standby.</summary>
    /// <param name="setting">The setting that has the string, for the message.</param>
    public static void Check(NpgsqlConnectionStringBuilder connection, string setting)
    {
        if (Are(connection) && connection.TargetSessionAttributes is { } asked && !OfPrimary.Contains(asked, StringComparer.OrdinalIgnoreCase))
        {
            throw new StartException(
                $"{setting}: Target Session Attributes '{asked}' may lead to a standby, which takes no changes. Right is primary or read-write; with several "
                    + "hosts, primary is the default.");
        }
    }

    /// <summary>A connection string for each server, without a pool.</summary>
    /// <param name="seconds">Longest time to connect, and of a statement.</param>
    public static IReadOnlyList<string> Each(string connectionString, int seconds)
    {
        var all = new NpgsqlConnectionStringBuilder(connectionString);
        return [.. all.Host!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(host =>
        {
            // An IPv6 address has colons of its own; with a port it stands in brackets.
            var (name, port) = host.LastIndexOf(':') is > 0 and var colon && (host.IndexOf(':', StringComparison.Ordinal) == colon || host[colon - 1] == ']')
                ? (host[..colon], int.Parse(host[(colon + 1)..], CultureInfo.InvariantCulture))
                : (host, all.Port);
            return new NpgsqlConnectionStringBuilder(connectionString)
            {
                Host = name, Port = port, TargetSessionAttributes = null, Pooling = false, Timeout = seconds, CommandTimeout = seconds
            }.ConnectionString;
        })];
    }

    /// <summary>The servers as a message names them.</summary>
    public static string Text(NpgsqlConnectionStringBuilder connection) => Are(connection)
        ? connection.Host!
        : string.Create(CultureInfo.InvariantCulture, $"{connection.Host}:{connection.Port}");
}
