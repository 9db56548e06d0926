using AccountGrid.Host.Database;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Security;

/// <summary>Reads the audit trail, newest first.</summary>
internal sealed class AuditReader(NpgsqlDataSource database)
{
    /// <summary>
    /// Rows that one page looks at, at most, in the order of an index: a filter that hardly any row passes must not read the trail of years. The page is then
    /// short, and says where to go on.
    /// </summary>
    public const int SeenMax = 10_000;

    /// <summary>Roles of people, as the two indexes name them.</summary>
    private const string People = "'Administrator', 'Auditor', 'Collector', 'AccountManager'";

    private const string Times = "($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)";

    /// <summary>The newest rows of an account, or of the grid itself.</summary>
    /// <param name="account">Empty is the grid.</param>
    /// <param name="before">The number below which they begin; null is from the newest.</param>
    public Task<List<AuditedAnswer>> OfAccountAsync(string account, long? before, int take) => RowsAsync(
        new(null, account, null, null, null, null), before is { } number ? new(DateTimeOffset.MaxValue, account, number) : null, take, take);

    /// <summary>Rows that pass a filter, and where to go on; null is nowhere.</summary>
    /// <param name="after">The last place of the page before; null is from the newest row.</param>
    public async Task<(List<AuditedAnswer> Rows, AuditPlace? Next)> ReadAsync(AuditFilter filter, AuditPlace? after, int take, int seenMax = SeenMax)
    {
        var rows = await RowsAsync(filter, after, seenMax, take + 1);
        if (rows.Count > take)
        {
            var last = rows[take - 1];
            return (rows[..take], new(last.At, last.Account, last.Sequence));
        }

        return (rows, await LastSeenAsync(filter, after, seenMax));
    }

    /// <summary>
    /// Rows of an account, and those of the grid, are found by their number, whoever made them; those of all by their time, and then only those of people:
    /// programs make one with each payment.
    /// </summary>
    private static (string Where, string Order) IndexOf(AuditFilter filter) => filter.Account is not null
        ? ("account = $1 and ($6::timestamptz is null or sequence < $8)", "sequence desc")
        : ($"role in ({People}) and {(filter.Person is null ? "" : "person = $2 and ")}{Times} "
            + "and ($6::timestamptz is null or (at, account, sequence) < ($6, $7, $8))",
            "at desc, account desc, sequence desc");

    private async Task<List<AuditedAnswer>> RowsAsync(AuditFilter filter, AuditPlace? after, int seenMax, int take)
    {
        // What the index does not find is looked at row by row.
        var (where, order) = IndexOf(filter);
        await using var command = Command(
            $"""
            with seen as materialized (select * from audit_trail where {where} order by {order} limit $9)
            select account, sequence, at, person, name, role, method, path, body_hash, o.status, trace, hash from seen
              left join audit_outcome o using (account, sequence)
            where ($1::text is null or account = $1) and ($2::text is null or person = $2) and ($3::text is null or method = $3) and {Times}
              and ($10::text is null or starts_with(path, $10))
            order by {order} limit $11
            """,
            filter, after, seenMax);
        command.Parameters.Add(new() { Value = (object?)filter.Path ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        Statements.Add(command, take);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<AuditedAnswer>();
        while (await reader.ReadAsync())
        {
            rows.Add(new AuditedAnswer(
                reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetString(7), Convert.ToHexStringLower((byte[])reader[8]),
                reader.IsDBNull(9) ? null : reader.GetInt32(9), reader.GetString(10), Convert.ToHexStringLower((byte[])reader[11])));
        }

        return rows;
    }

    /// <summary>The last row that the page looked at; null where it looked at all.</summary>
    private async Task<AuditPlace?> LastSeenAsync(AuditFilter filter, AuditPlace? after, int seenMax)
    {
        var (where, order) = IndexOf(filter);
        await using var command = Command(
            $"select at, account, sequence, $2::text, $3::text, $4::timestamptz, $7::text from audit_trail where {where} order by {order} offset $9 limit 1",
            filter, after, seenMax - 1);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetInt64(2)) : null;
    }

    private NpgsqlCommand Command(string sql, AuditFilter filter, AuditPlace? after, int seenMax)
    {
        var command = database.CreateCommand(sql);
        void Add(object? value, NpgsqlDbType type) => command.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        Add(filter.Account, NpgsqlDbType.Text);
        Add(filter.Person, NpgsqlDbType.Text);
        Add(filter.Method, NpgsqlDbType.Text);
        Add(filter.From?.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add(filter.To?.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add(after?.At.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add(after?.Account, NpgsqlDbType.Text);
        Add(after?.Sequence, NpgsqlDbType.Bigint);
        Add(seenMax, NpgsqlDbType.Integer);
        return command;
    }
}
