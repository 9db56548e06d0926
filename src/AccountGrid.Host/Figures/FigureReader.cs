using System.Globalization;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Host.Surveys;
using Npgsql;

namespace AccountGrid.Host.Figures;

/// <summary>Reads the sums and computes what follows from them.</summary>
internal sealed class FigureReader(NpgsqlDataSource database, SurveyStore surveys, TimeProvider time)
{
    /// <summary>Name of what surveys say, which follows no sums and is shown for a whole month that is over.</summary>
    public const string Satisfaction = "satisfaction";

    /// <summary>Names whose detail is the group, by what is asked for.</summary>
    private static readonly Dictionary<string, string[]> ByDetail = new()
    {
        ["channel"] = [FigureNames.Payments, FigureNames.Reversals],
        ["collector"] = [FigureNames.Contacts, FigureNames.ContactsReached, FigureNames.CollectedAfterContact, FigureNames.CasesClosed],
    };

    public async Task<FiguresAnswer> ReadAsync(FigureQuery query)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (ended, isComplete) = await EndedAsync(connection, query);
        var sums = await SumsAsync(connection, query, ended);
        var rows = sums.GroupBy(s => (s.Group, s.Currency))
            .OrderBy(g => g.Key.Group, StringComparer.Ordinal).ThenBy(g => g.Key.Currency, StringComparer.Ordinal)
            .SelectMany(g => DerivedFigures.Of(g.ToDictionary(s => (s.Name, s.Detail), s => s.Sum), DaysOf(query, g.Key.Group), query.IsOneYear)
                .Select(i => new FigureRow(g.Key.Group, g.Key.Currency, i.Name, i.Detail, i.Count, i.Amount, i.Value, i.Low, i.High)))
            .Concat(await SatisfactionAsync(query)).ToList();
        return new(Day(query.From), Day(query.To), query.By, ended is { } day ? Day(day) : null, isComplete, rows);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int DaysOf(FigureQuery query, string group) => query.By switch
    {
        "day" => 1,
        "month" => DateTime.DaysInMonth(int.Parse(group[..4], CultureInfo.InvariantCulture), int.Parse(group[5..], CultureInfo.InvariantCulture)),
        _ => query.Days,
    };

    /// <summary>The last day of the period that has ended in every partition that has accounts; and whether none is being counted anew.</summary>
    private static async Task<(DateOnly? Ended, bool IsComplete)> EndedAsync(NpgsqlConnection connection, FigureQuery query)
    {
        await using var command = new NpgsqlCommand(
            "select min(closed_day), coalesce(bool_and(position >= recorded), true) from figure_partition where recorded >= 0", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var isComplete = reader.GetBoolean(1);
        return isComplete && !reader.IsDBNull(0) && reader.GetFieldValue<DateOnly>(0) is var ended && ended >= query.From
            ? (ended < query.To ? ended : query.To, true)
            : (null, isComplete);
    }

    private static async Task<List<(string Group, string Currency, string Name, string Detail, FigureSum Sum)>> SumsAsync(
        NpgsqlConnection connection, FigureQuery query, DateOnly? ended)
    {
        var byDetail = ByDetail.GetValueOrDefault(query.By);
        var group = query.By switch
        {
            "area" => "area",
            "class" => "class::text",
            "day" => "to_char(day, 'YYYY-MM-DD')",
            "month" => "to_char(day, 'YYYY-MM')",
            "total" => "'all'",
            _ => "detail",
        };

        // How things stand is of the end of each day, or of each month's last day, or of the period's last.
        var part = byDetail is null ? "detail" : "''";
        const string Filter =
            "level = $9 and ($4::text[] is null or area = any($4)) and ($5::smallint is null or class = $5) and ($6::text[] is null or name = any($6))";
        await using var command = new NpgsqlCommand(
            $"""
            select {group} as grouped, currency, name, {part} as part, sum(count)::bigint, sum(amount) from figure
            where span = $1 and day between $2 and $3 and name <> all($7) and {Filter} group by 1, 2, 3, 4
            union all
            select {group} as grouped, currency, name, {part} as part, sum(count)::bigint, sum(amount) from figure
            where span = 'day' and day = any($8) and name = any($7) and {Filter} group by 1, 2, 3, 4
            """,
            connection);
        Statements.Add(command, query.UsesMonths ? "month" : "day", query.From, query.To,
            query.Area is { } area ? await WithinAsync(connection, area) : DBNull.Value,
            query.Class is { } only ? (short)only : DBNull.Value, (object?)byDetail ?? DBNull.Value, FigureNames.Standing.ToArray(),
            StandingDays(query, ended).ToArray(), query.Level);
        await using var reader = await command.ExecuteReaderAsync();
        var sums = new List<(string, string, string, string, FigureSum)>();
        while (await reader.ReadAsync())
        {
            var name = reader.GetString(0);
            sums.Add((query.By == "class" ? FigureFold.Code((CustomerClass)byte.Parse(name, CultureInfo.InvariantCulture)) : name, reader.GetString(1),
                reader.GetString(2), reader.GetString(3), new(reader.GetInt64(4), reader.GetDecimal(5))));
        }

        return sums;
    }

    /// <summary>An area and those below it. An area that is in no tree is only itself.</summary>
    private static async Task<object> WithinAsync(NpgsqlConnection connection, string area)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce(array_agg(id), '{}') || array[$1::text] from area where path @> array[$1::text] and id <> $1", connection);
        Statements.Add(command, area);
        return (await command.ExecuteScalarAsync())!;
    }

    private static IEnumerable<DateOnly> StandingDays(FigureQuery query, DateOnly? ended)
    {
        if (ended is not { } last)
        {
            return [];
        }

        var days = Enumerable.Range(query.From.DayNumber, last.DayNumber - query.From.DayNumber + 1).Select(DateOnly.FromDayNumber);
        return query.By switch
        {
            "day" => days,
            "month" => days.Where(d => d == last || d.AddDays(1).Day == 1),
            _ => [last],
        };
    }

    /// <summary>Surveys are shown by month only, and none of their groups below five answers: see <see cref="SurveyResults"/>.</summary>
    private async Task<IEnumerable<FigureRow>> SatisfactionAsync(FigureQuery query)
    {
        var from = new DateTimeOffset(query.From.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        if (query is not { By: "total" or "area" or "collector" or "channel", Area: null, Class: null, IsMonths: true } || query.To >= query.From.AddMonths(1)
            || time.GetUtcNow() < from.AddMonths(1))
        {
            return [];
        }

        var month = query.From.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        return SurveyResults.Of(month, await surveys.AnswersAsync(from, from.AddMonths(1))).Groups
            .Where(g => g.By == query.By && g is { Answers: not null, Satisfied: not null })
            .Select(g => new FigureRow(g.Name, "", Satisfaction, "", g.Answers!.Value, null, g.Satisfied!.Share, g.Satisfied.Low, g.Satisfied.High));
    }
}
