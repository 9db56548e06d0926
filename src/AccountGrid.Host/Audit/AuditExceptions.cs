using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>The exception queue of one partition, by register and time.</summary>
internal sealed class AuditExceptions
{
    private readonly ILookup<(int Meter, RegisterKind Register, long Ms), (string Code, int Account, bool Open, long Held)> _rows;

    private AuditExceptions(IEnumerable<(int Meter, RegisterKind Register, long Ms, string Code, int Account, bool Open, long Held)> rows) =>
        _rows = rows.ToLookup(r => (r.Meter, r.Register, r.Ms), r => (r.Code, r.Account, r.Open, r.Held));

    public static async Task<AuditExceptions> ReadAsync(NpgsqlConnection connection, int partition)
    {
        const string Sql = "select meter, register, reading_ms, code, account, open, held_wh from reading_exception where partition = $1";
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 600 };
        Statements.Add(command, partition);
        await using var r = await command.ExecuteReaderAsync();
        var rows = new List<(int, RegisterKind, long, string, int, bool, long)>();
        while (await r.ReadAsync())
        {
            rows.Add((r.GetInt32(0), (RegisterKind)r.GetInt16(1), r.GetInt64(2), r.GetString(3), r.GetInt32(4), r.GetBoolean(5), r.GetInt64(6)));
        }

        return new(rows);
    }

    /// <param name="code">Null is any.</param>
    public bool Has(int meter, RegisterKind register, long ms, string? code) => _rows[(meter, register, ms)].Any(e => code is null || e.Code == code);

    /// <summary>
    /// Energy that the queue holds for an account at some points of a register, Wh. What a meter counts on no account is queued at the instant at which it
    /// left its account, which is that of the account's last point too.
    /// </summary>
    public long HeldAt(int account, int meter, RegisterKind register, IEnumerable<Point> points) =>
        points.SelectMany(p => _rows[(meter, register, p.TimeMs)]).Where(e => e.Open && e.Account == account).Sum(e => e.Held);
}
