using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Grades;

/// <summary>Grades of customers, their evaluations and breaches.</summary>
internal sealed class GradeStore(NpgsqlDataSource database, CaseDesk cases, CaseCalendars calendars, GradeOptions options, TimeProvider time)
{
    /// <summary>Evaluations that are shown: five years of months.</summary>
    private const int HistoryMax = 60;

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private DateTimeOffset Now => time.GetUtcNow().ToUniversalTime();

    /// <summary>
    /// Takes evaluations into the customers' standing, with their rows in the history and the order of open cases, in one transaction: all of them or none. A
    /// month counts once; a knock-out counts once as long as the grade is D.
    /// </summary>
    /// <param name="evaluations">Of different customers, in the order of their ids, in which rows are locked.</param>
    /// <returns>How many counted.</returns>
    public async Task<int> SaveAsync(IReadOnlyList<Evaluation> evaluations)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var rows = (await connection.QueryAsync<(string Id, short Grade, short? Pending, int Month, bool HasManager, string? FallCase)>(
            """
            select id, grade, grade_pending, grade_month, manager is not null, fall_case from customer where id = any(@ids) order by id for update
            """,
            new { ids = evaluations.Select(e => e.Customer).ToArray() }, transaction)).ToDictionary(r => r.Id, StringComparer.Ordinal);
        var changes = new List<(Evaluation Of, RiskStanding Before, RiskStanding After)>();
        foreach (var e in evaluations.Where(e => rows.ContainsKey(e.Customer)))
        {
            var row = rows[e.Customer];
            var before = new RiskStanding((RiskGrade)row.Grade, (RiskGrade?)row.Pending, row.Month == 0 ? null : new MonthNumber(row.Month));
            var after = before.After(e.Score, e.Month, e.Facts.TenureYears);
            if (e.Month is null ? after.Grade != before.Grade : after.Month != before.Month)
            {
                changes.Add((e, before, after));
            }
        }

        await WriteAsync(connection, transaction, changes);
        var monthly = changes.Where(c => c.Of.Month is not null).Select(c => c.Of).ToList();
        foreach (var e in monthly.Where(e => HasFallen(e) && rows[e.Customer] is { HasManager: true, FallCase: null }))
        {
            await OpenFallAsync(connection, transaction, e, e.Month!.Value);
        }

        await connection.ExecuteAsync(
            "update customer set fall_case = null where id = any(@ids)",
            new { ids = monthly.Where(e => !HasFallen(e) && rows[e.Customer].FallCase is not null).Select(e => e.Customer).ToArray() }, transaction);
        await transaction.CommitAsync();
        return changes.Count;
    }

    /// <summary>A customer's grade with its latest evaluation, breaches and history; null where there is no such customer.</summary>
    public async Task<CustomerGradeAnswer?> FindAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await connection.QuerySingleOrDefaultAsync<(short Grade, short? Pending, int Month)?>(
            "select grade, grade_pending, grade_month from customer where id = @id", new { id }) is not { } c)
        {
            return null;
        }

        var history = (await connection.QueryAsync<(DateTime Day, bool IsMonthly, decimal Points, short Result, short Before, short After, short? Pending,
            string Factors, short[] KnockOuts, DateTimeOffset At)>(
            $"""
            select day::timestamp, is_monthly, points, result, before, after, pending, factors::text, knock_outs, evaluated_at from grade_evaluation
            where customer = @id order by day desc, is_monthly limit {HistoryMax}
            """,
            new { id })).Select(e => new GradeEvaluationAnswer(
                DateOnly.FromDateTime(e.Day), e.IsMonthly ? MonthNumber.Of(DateOnly.FromDateTime(e.Day).DayNumber).Plus(-1).ToString() : null, e.Points,
                CustomerStore.GradeOf(e.Result), CustomerStore.GradeOf(e.Before), CustomerStore.GradeOf(e.After), NameOf(e.Pending),
                JsonSerializer.Deserialize<List<GradeFactorAnswer>>(e.Factors, Json)!, [.. e.KnockOuts.Select(k => CodeOf((KnockOut)k))], e.At)).ToList();
        var breaches = (await connection.QueryAsync<(long Id, short Kind, DateTime Day, string Reference, string By, DateTimeOffset At, DateTime? End,
            string? EndReference, string? EndedBy)>(
            """
            select id, kind, day::timestamp, reference, made_by, made_at, end_day::timestamp, end_reference, ended_by from grade_breach where customer = @id
            order by day desc, id desc
            """,
            new { id })).Select(b => new BreachAnswer(
                b.Id, CodeOf((KnockOut)b.Kind), DateOnly.FromDateTime(b.Day), b.Reference, b.By, b.At, b.End is { } end ? DateOnly.FromDateTime(end) : null,
                b.EndReference, b.EndedBy)).ToList();
        return new(id, CustomerStore.GradeOf(c.Grade), NameOf(c.Pending), c.Month == 0 ? null : new MonthNumber(c.Month).ToString(), breaches, history);
    }

    /// <summary>Enters a breach, once for its kind, day and reference; false where there is no such customer.</summary>
    public async Task<bool> AddBreachAsync(string customer, KnockOut kind, DateOnly day, string reference, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into grade_breach (customer, kind, day, reference, made_by, made_at)
            select c.id, @kind, @day, @reference, @by, @now from customer c where c.id = @customer on conflict do nothing
            """,
            new { customer, kind = (short)kind, day, reference, by, now = Now });
        return await connection.ExecuteScalarAsync<bool>("select exists (select from customer where id = @customer)", new { customer });
    }

    /// <summary>Ends a hazard, once; null where it ended already, false where there is none.</summary>
    public async Task<bool?> EndHazardAsync(string customer, long id, DateOnly day, string reference, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        var parameters = new { customer, id, kind = (short)KnockOut.UnremediedHazard, day, reference, by, now = Now };
        return await connection.ExecuteAsync(
            """
            update grade_breach set end_day = @day, end_reference = @reference, ended_by = @by, ended_at = @now
            where customer = @customer and id = @id and kind = @kind and end_day is null and day <= @day
            """,
            parameters) == 1
            ? true
            : await connection.ExecuteScalarAsync<bool>(
                "select exists (select from grade_breach where customer = @customer and id = @id and kind = @kind and day <= @day)", parameters)
                ? null
                : false;
    }

    /// <summary>A value of a closed set as it is sent, such as <c>oldArrears</c>.</summary>
    public static string CodeOf(KnockOut kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string? NameOf(short? grade) => grade is { } known ? CustomerStore.GradeOf(known) : null;

    private static bool HasFallen(Evaluation e) => e.Facts.UseFall > RiskScoring.FallMax;

    /// <summary>Writes the history, the standing, and the order of open cases of those whose grade changed: a statement each for all.</summary>
    private async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<(Evaluation Of, RiskStanding Before, RiskStanding After)> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        await connection.ExecuteAsync(
            """
            insert into grade_evaluation (customer, day, is_monthly, points, result, before, after, pending, factors, knock_outs, evaluated_at)
            select u.customer, u.day, u.monthly, u.points, u.result, u.before, u.after, nullif(u.pending, 0), u.factors::jsonb, u.knock_outs::smallint[], @now
            from unnest(@customers, @days, @monthly, @points, @results, @before, @after, @pending, @factors, @knockOuts)
              as u(customer, day, monthly, points, result, before, after, pending, factors, knock_outs) on conflict do nothing
            """,
            new
            {
                customers = changes.Select(c => c.Of.Customer).ToArray(),
                days = changes.Select(c => DateOnly.FromDayNumber(c.Of.Today)).ToArray(),
                monthly = changes.Select(c => c.Of.Month is not null).ToArray(),
                points = changes.Select(c => c.Of.Score.Points).ToArray(),
                results = changes.Select(c => (short)c.Of.Score.Grade).ToArray(),
                before = changes.Select(c => (short)c.Before.Grade).ToArray(),
                after = changes.Select(c => (short)c.After.Grade).ToArray(),
                pending = changes.Select(c => (short?)c.After.Pending ?? 0).ToArray(),
                factors = changes.Select(c => JsonSerializer.Serialize(c.Of.Score.Factors, Json)).ToArray(),
                knockOuts = changes.Select(c => "{" + string.Join(',', c.Of.Score.KnockOuts.Select(k => (int)k)) + "}").ToArray(),
                now = Now,
            },
            transaction);
        await connection.ExecuteAsync(
            """
            update customer c set grade = u.grade, grade_pending = nullif(u.pending, 0), grade_month = u.month
            from unnest(@customers, @grades, @pending, @months) as u(customer, grade, pending, month) where c.id = u.customer
            """,
            new
            {
                customers = changes.Select(c => c.Of.Customer).ToArray(),
                grades = changes.Select(c => (short)c.After.Grade).ToArray(),
                pending = changes.Select(c => (short?)c.After.Pending ?? 0).ToArray(),
                months = changes.Select(c => c.After.Month?.Value ?? 0).ToArray(),
            },
            transaction);
        var moved = changes.Where(c => c.After.Grade != c.Before.Grade).Select(c => c.Of.Customer).ToArray();
        var accounts = await connection.QueryAsync<int>("select account from customer_account where customer = any(@moved)", new { moved }, transaction);
        await CaseMover.SortAsync(connection, transaction, [.. accounts]);
    }

    /// <summary>
    /// Opens one case for a fall of use where the customer has an account manager. The fall ends with the first month that is no fall, or is not known; the
    /// next one is another.
    /// </summary>
    private async Task OpenFallAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Evaluation e, MonthNumber month)
    {
        if (await connection.QuerySingleOrDefaultAsync<(int Number, string Id, int Partition, string? Currency)?>(
            """
            select a.number, a.id, a.partition, f.facts->>'currency' from customer c join customer_account o on o.customer = c.id
            join account a on a.number = o.account left join figure_account f on f.partition = a.partition and f.account = a.number
            where c.id = @Customer order by a.number limit 1
            """,
            new { e.Customer }, transaction) is not { } account)
        {
            return;
        }

        var id = $"{account.Number}:{CaseKind.UseFall.Code()}:{month}";
        var policy = calendars.ForCurrency(account.Currency);
        var due = WorkingTime.Of(policy, CaseCalendars.CalendarOf(options.Zone))
            .EndAfter(Now.ToUnixTimeMilliseconds(), policy.Definition.Ladder.CaseBusinessDays);
        var subject = FormattableString.Invariant(
            $"Use of customer {e.Customer} in three months to {month} fell by {e.Facts.UseFall * 100:0} % against the year before.");
        await cases.OpenAsync(connection, transaction, new CaseOpening(
            id, CaseKind.UseFall, new AccountAddress(account.Number, account.Partition, account.Id), subject, Money.Zero, null, CasePriority.Normal,
            policy.Stamp, options.Zone, due, ""));
        await connection.ExecuteAsync("update customer set fall_case = @id where id = @Customer", new { id, e.Customer }, transaction);
    }
}
