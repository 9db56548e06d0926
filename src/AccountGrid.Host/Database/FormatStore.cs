using AccountGrid.Domain;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>
/// The format version in force, in the grid's row, and what the cluster's silos read, in a row for each. A silo says what it reads under a shared lock of the
/// grid's row, and the version is raised under an exclusive one: a silo is either seen by whoever raises the version, or sees the raised version.
/// </summary>
internal static class FormatStore
{
    private const string ReadSql = "select format_version from grid";

    /// <summary>Refuses a database whose format version this build does not read, before anything is changed in it. One without tables is none.</summary>
    public static async Task CheckAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var find = new NpgsqlCommand("select to_regclass('grid') is not null", connection);
        if ((bool)(await find.ExecuteScalarAsync())!)
        {
            await using var read = new NpgsqlCommand(ReadSql, connection);
            Check(await read.ExecuteScalarAsync() as int?);
        }
    }

    /// <summary>A new grid writes what the build that makes it reads: there is nothing that one could go back to. Takes over the version in force.</summary>
    public static async Task BeginAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var begin = new NpgsqlCommand("update grid set format_version = $1 where format_version is null", connection))
        {
            Statements.Add(begin, FormatVersion.Newest);
            await begin.ExecuteNonQueryAsync();
        }

        await using var read = new NpgsqlCommand(ReadSql, connection);
        FormatVersion.InForce = Check((int)(await read.ExecuteScalarAsync())!)!.Value;
    }

    /// <summary>The format version in force; null where no process has served the grid yet.</summary>
    public static async Task<int?> ReadAsync(NpgsqlDataSource database, CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand(ReadSql);
        return await command.ExecuteScalarAsync(cancel) as int?;
    }

    /// <summary>
    /// Says what this silo reads. It must be a member of the cluster by now, so that it is seen. Refuses the start where the version was raised.
    /// </summary>
    public static async Task RegisterAsync(NpgsqlDataSource database, string address, int port, int generation, CancellationToken cancel)
    {
        const string Sql = """
            insert into silo_build (address, port, generation, version, reads_through)
            select address, port, generation, $4, $5 from orleansmembershiptable where (address, port, generation) = ($1, $2, $3)
            """;
        const string ClearSql = """
            delete from silo_build b where at < now() - interval '1 day' and not exists (
                select from orleansmembershiptable m where (m.address, m.port, m.generation) = (b.address, b.port, b.generation))
            """;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var hold = new NpgsqlCommand(ReadSql + " for share", connection, transaction);
        Check(await hold.ExecuteScalarAsync(cancel) as int?);
        await using var say = new NpgsqlCommand(Sql, connection, transaction);
        Statements.Add(say, address, port, generation, BuildInfo.Version, FormatVersion.Newest);
        if (await say.ExecuteNonQueryAsync(cancel) != 1)
        {
            throw new InvariantBrokenException($"Silo {address}:{port}@{generation} is not a member of the cluster yet.");
        }

        await using var clear = new NpgsqlCommand(ClearSql, connection, transaction);
        await clear.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// Members of the cluster that are not known to be dead, in the order of their addresses. How long one has said nothing does not count: its clock may be
    /// wrong, and a database that was away has heard nobody.
    /// </summary>
    public static async Task<List<SiloBuild>> SilosAsync(NpgsqlConnection connection, CancellationToken cancel = default)
    {
        // Status 6 is dead: the membership protocol has taken the silo out.
        const string Sql = """
            select m.address || ':' || m.port || '@' || m.generation, b.version, b.reads_through, m.iamalivetime from orleansmembershiptable m
            left join silo_build b on (b.address, b.port, b.generation) = (m.address, m.port, m.generation)
            where m.status <> 6 order by m.address, m.port, m.generation
            """;
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var silos = new List<SiloBuild>();
        while (await reader.ReadAsync(cancel))
        {
            silos.Add(new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetInt32(2),
                reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return silos;
    }

    /// <summary>Brings this build's newest version into force, unless a silo does not read it.</summary>
    /// <param name="gone">Silos of which the operator knows that they do not run.</param>
    /// <returns>The version that was in force, and the silos that stand against it: none where it was raised.</returns>
    public static async Task<(int? Before, List<SiloBuild> Against)> FinishAsync(NpgsqlDataSource database, IReadOnlyCollection<string> gone,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var hold = new NpgsqlCommand(ReadSql + " for update", connection, transaction);
        var before = Check(await hold.ExecuteScalarAsync(cancel) as int?);
        var against = (await SilosAsync(connection, cancel)).FindAll(s => !CanRead(s) && !gone.Contains(s.Silo));
        if (before is not null && before < FormatVersion.Newest && against.Count == 0)
        {
            await using var raise = new NpgsqlCommand("update grid set format_version = $1, format_raised_at = now()", connection, transaction);
            Statements.Add(raise, FormatVersion.Newest);
            await raise.ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        return (before, against);
    }

    /// <summary>Whether a silo reads what this build would write.</summary>
    public static bool CanRead(SiloBuild silo) => silo.Reads >= FormatVersion.Newest;

    private static int? Check(int? inForce) => inForce > FormatVersion.Newest
        ? throw new StartException(
            $"Format version {inForce} is in force in this grid, and this build, {BuildInfo.Version}, reads no later one than {FormatVersion.Newest}: the "
                + "grid was upgraded to a later release, and the upgrade was finished. Start that release, or a later one. To go back, restore a backup from "
                + "before.")
        : inForce;
}
