using System.Globalization;
using AccountGrid.Host.Http;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Metering;

/// <summary>The queue of exceptions as the database has it.</summary>
internal sealed class ExceptionList(NpgsqlDataSource database)
{
    /// <summary>Exceptions that fit all that is given, by meter, time and code, behind a cursor; one more than asked for tells that there are more.</summary>
    public async Task<List<ExceptionRow>> FindAsync(string? meter, string? account, string? code, bool open, string? cursor, int take)
    {
        var after = Requests.ReadCursor(cursor, 4);
        if (after is not null && !(int.TryParse(after[0], CultureInfo.InvariantCulture, out _) && long.TryParse(after[1], CultureInfo.InvariantCulture, out _)
            && short.TryParse(after[3], CultureInfo.InvariantCulture, out _)))
        {
            throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        }

        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<ExceptionRow>(
            """
            select e.partition, e.meter, m.id as meter_id, e.account, a.id as account_id, e.code, e.register, e.reading_ms, e.value_wh, e.held_wh, e.open,
              e.detail
            from reading_exception e join meter m on m.number = e.meter left join account a on a.number = e.account
            where (@meter::text is null or m.id = @meter) and (@account::text is null or a.id = @account) and (@code::text is null or e.code = @code)
              and e.open = @open and (@afterMeter::int is null or (e.meter, e.reading_ms, e.code, e.register)
                > (@afterMeter, @afterMs, @afterCode, @afterRegister))
            order by e.meter, e.reading_ms, e.code, e.register limit @take
            """,
            new
            {
                meter,
                account,
                code,
                open,
                afterMeter = after is null ? (int?)null : int.Parse(after[0], CultureInfo.InvariantCulture),
                afterMs = after is null ? 0L : long.Parse(after[1], CultureInfo.InvariantCulture),
                afterCode = after?[2] ?? "",
                afterRegister = after is null ? (short)0 : short.Parse(after[3], CultureInfo.InvariantCulture),
                take = take + 1,
            })).AsList();
    }

    /// <summary>The open exception of a reading; null where there is none.</summary>
    public async Task<ExceptionRow?> FindOpenAsync(int partition, int meter, long atMs, string code)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ExceptionRow>(
            """
            select e.partition, e.meter, m.id as meter_id, e.account, a.id as account_id, e.code, e.register, e.reading_ms, e.value_wh, e.held_wh, e.open,
              e.detail
            from reading_exception e join meter m on m.number = e.meter left join account a on a.number = e.account
            where e.partition = @partition and e.meter = @meter and e.reading_ms = @atMs and e.code = @code and e.open
            order by e.register limit 1
            """,
            new { partition, meter, atMs, code });
    }

    /// <summary>Where the next page begins; null where there is none.</summary>
    public static string? CursorOf(List<ExceptionRow> rows, int take) =>
        rows.Count > take ? Requests.Cursor(rows[take - 1].Meter, rows[take - 1].Reading_Ms, rows[take - 1].Code, rows[take - 1].Register) : null;
}
