using System.Data.Common;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>
/// How many connections of its server a silo may have: the server's limit, less what is kept for operators, shared by the silos of the cluster. A cluster that
/// takes more than its server has fails in the middle of its work, and its queues with it.
/// </summary>
/// <param name="Main">For the log, the fold's flushes and queries.</param>
/// <param name="Orleans">For membership, reminders and keys, which have a pool of their own.</param>
public readonly record struct ConnectionBudget(int Main, int Orleans)
{
    /// <summary>Kept for people and tools beside the grid: <c>psql</c>, <c>audit</c>, a backup.</summary>
    public const int ForOperators = 10;

    /// <summary>Orleans' own reads and writes are few and short.</summary>
    public const int OrleansMax = 8;

    private const int OrleansMin = 4;

    /// <summary>
    /// Two log writers, the tail, the effects, partitions that load or write their states, and some for queries: with fewer they would wait for each other all
    /// the time.
    /// </summary>
    public const int MainMin = 16;

    /// <summary>What one silo takes of a server that has enough; more than this would only compete for its processors.</summary>
    public const int MainMax = 60;

    /// <summary>What a server must allow for a cluster of so many silos.</summary>
    public static int Needed(int silos) => (silos * (MainMin + OrleansMin)) + ForOperators;

    /// <summary>One silo's share.</summary>
    /// <param name="usable">Connections that the server allows to ordinary users.</param>
    /// <param name="silos">Silos of the cluster, this one included; 1 or more.</param>
    /// <exception cref="StartException">There are too few for so many silos.</exception>
    public static ConnectionBudget Share(int usable, int silos)
    {
        var share = (usable - ForOperators) / silos;
        if (share < MainMin + OrleansMin)
        {
            throw new StartException(
                $"The PostgreSQL server allows {usable} connections; a cluster of {silos} silos needs {Needed(silos)}. Raise max_connections, or say in "
                    + "Grid__Silos how many silos the cluster really has.");
        }

        var orleans = Math.Clamp(share - MainMin, OrleansMin, OrleansMax);
        return new ConnectionBudget(Math.Min(share - orleans, MainMax), orleans);
    }

    /// <summary>Asks a server what it allows, and whether what is taken already leaves this silo its least. Throws <see cref="StartException"/>.</summary>
    public static async Task<ConnectionBudget> AskAsync(string connectionString, int silos)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        var (usable, taken) = await UseAsync(source, default);
        var budget = Share(usable, silos);
        return usable - taken >= MainMin + OrleansMin
            ? budget
            : throw new StartException(
                $"The PostgreSQL server allows {usable} connections, of which {taken} are taken; a silo needs {MainMin + OrleansMin}. Raise "
                    + "max_connections, or close some of them.");
    }

    /// <summary>How many connections a server allows to ordinary users, and how many are taken.</summary>
    public static async Task<(int Usable, int Taken)> UseAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        const string Sql = """
            select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int -
              coalesce(current_setting('reserved_connections', true), '0')::int,
                   (select count(*)::int from pg_stat_activity where backend_type = 'client backend')
            """;
        await using var ask = database.CreateCommand(Sql);
        await using var reader = await ask.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    /// <summary>The connection string with the smaller of its own largest pool size and this one.</summary>
    public static string Limit(string connectionString, int max)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var own = given.ContainsKey("Maximum Pool Size") || given.ContainsKey("MaxPoolSize") ? builder.MaxPoolSize : max;
        builder.MaxPoolSize = Math.Min(own, max);
        if (builder.MinPoolSize > builder.MaxPoolSize)
        {
            builder.MinPoolSize = builder.MaxPoolSize;
        }

        return builder.ConnectionString;
    }
}
