using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>Statements with values in the order of their placeholders, <c>$1</c> and on.</summary>
internal static class Statements
{
    /// <summary>Adds values to a statement.</summary>
    public static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
    }

    /// <summary>A statement of a batch; a value that is a parameter already is taken as it is.</summary>
    public static NpgsqlBatchCommand Of(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        }

        return command;
    }
}
