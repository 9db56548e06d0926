using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>Queries of the audit: each may read a whole partition.</summary>
internal static class AuditQuery
{
    public static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        Statements.Add(command, values);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
