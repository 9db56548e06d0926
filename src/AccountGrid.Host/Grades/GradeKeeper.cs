using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Grades;
using AccountGrid.Host.Background;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Grades;

/// <summary>
/// Evaluates every customer once for each month, and at once where a knock-out is found. A month is evaluated as things stood at its end, so that it does not
/// matter when that is done, and a process that dies goes on where it was. One process of the cluster evaluates at a time.
/// </summary>
internal sealed partial class GradeKeeper(
    NpgsqlDataSource database, GradeSource source, GradeStore store, TimeProvider time, ILogger<GradeKeeper> logger)
    : PeriodicService(TimeSpan.FromMinutes(10), time)
{
    /// <summary>Day of the next month from which on a month is evaluated: its days are closed and, by the shipped packs, its bills written.</summary>
    public const int EvaluationDay = 10;

    /// <summary>Months for which changes of settled items are kept: twelve are looked at, and what they began with.</summary>
    public const int KeptMonths = 26;

    private const int PageSize = 200;
    private const int LateDays = 30;
    private const int UnpaidMonths = 3;

    private int _lookedDay;
    private MonthNumber _prunedMonth;

    private int Today => source.Calendar.DayOf(Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Does what is to be done now; nothing while another process does.</summary>
    public async Task KeepAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (!await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(hashtext('grades'))"))
        {
            return;
        }

        try
        {
            var today = Today;
            var month = MonthNumber.Of(today).Plus(DateOnly.FromDayNumber(today).Day >= EvaluationDay ? -1 : -2);
            await EvaluateMonthAsync(connection, month, cancel);
            if (_lookedDay != today)
            {
                await FindKnockOutsAsync(connection, today, cancel);
                _lookedDay = today;
            }

            if (_prunedMonth != month)
            {
                await PruneAsync(connection, month, cancel);
                _prunedMonth = month;
            }
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(hashtext('grades'))");
        }
    }

    /// <summary>Evaluates one customer for a knock-out that may have been entered.</summary>
    public async Task<bool> EvaluateAsync(string customer) => await EvaluateAsync([customer], Today + 1, null) > 0;

    /// <summary>A score by the begin of a day.</summary>
    internal Evaluation ScoreOf(CustomerPayments customer, int today, MonthNumber? month)
    {
        var facts = RiskFactsOf.Of(PaymentHistories.Of(today, customer.Accounts, customer.Breaches, customer.Vacant, source.Calendar.DayOf));
        return new(customer.Id, today, month, facts, RiskScoring.Of(facts));
    }

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await KeepAsync(cancel);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    private async Task EvaluateMonthAsync(NpgsqlConnection connection, MonthNumber month, CancellationToken cancel)
    {
        var today = month.Plus(1).FirstDay.DayNumber;
        if (await connection.ExecuteScalarAsync<bool>(
            "select exists (select from figure_partition where closed_day < @last)", new { last = DateOnly.FromDayNumber(today - 1) }))
        {
            // Days below zero are counted with the figures: they are not through the month yet.
            return;
        }

        var end = Domain.Instants.ToInstant(source.Calendar.StartOf(today)).ToUniversalTime();
        for (var after = ""; ;)
        {
            cancel.ThrowIfCancellationRequested();
            var page = (await connection.QueryAsync<string>(
                $"""
                select id from customer where id > @after and grade_month < @month and created_at < @end order by id limit {PageSize}
                """,
                new { after, month = month.Value, end })).AsList();
            if (page.Count == 0)
            {
                return;
            }

            await EvaluateAsync(page, today, month);
            after = page[^1];
        }
    }

    /// <summary>Customers whose bills have become old arrears or three unpaid months: what is unpaid is summed partition by partition.</summary>
    private async Task FindKnockOutsAsync(NpgsqlConnection connection, int today, CancellationToken cancel)
    {
        var date = DateOnly.FromDayNumber(today);
        foreach (var partition in (await connection.QueryAsync<int>("select partition from partition order by partition")).AsList())
        {
            cancel.ThrowIfCancellationRequested();
            var customers = await connection.QueryAsync<string>(
                $"""
                with open as (
                  select m.account, min(m.due_day) as due_day from item_move m where m.partition = @partition group by m.account, m.item
                  having sum(case when m.credit = -1 then m.nano else -m.nano end) > 0 and min(m.due_day) < @today),
                late as (
                  select account from open group by account having bool_or(due_day < @newYear and due_day < @today::date - {LateDays})
                    or count(distinct date_trunc('month', due_day)) filter (where due_day >= @newYear) >= {UnpaidMonths})
                select distinct o.customer from late l join customer_account o on o.account = l.account join customer c on c.id = o.customer
                where c.grade < 4 order by 1
                """,
                new { partition, today = date, newYear = new DateOnly(date.Year, 1, 1) }, commandTimeout: 120);
            foreach (var page in customers.Chunk(PageSize))
            {
                await EvaluateAsync(page, today, null);
            }
        }
    }

    /// <summary>Of items that are settled and were due long ago nothing is looked at any more.</summary>
    private static async Task PruneAsync(NpgsqlConnection connection, MonthNumber month, CancellationToken cancel)
    {
        foreach (var partition in (await connection.QueryAsync<int>("select partition from partition order by partition")).AsList())
        {
            cancel.ThrowIfCancellationRequested();
            await connection.ExecuteAsync(
                """
                delete from item_move m using (
                  select account, item from item_move where partition = @partition group by account, item
                  having max(day) < @before and coalesce(max(due_day), max(day)) < @before
                    and coalesce(sum(case when credit = -1 then nano else -nano end), 0) <= 0) old
                where m.partition = @partition and m.account = old.account and m.item = old.item
                """,
                new { partition, before = month.Plus(-KeptMonths).FirstDay }, commandTimeout: 120);
        }
    }

    /// <summary>Evaluates a page; where it cannot be read as a whole, one by one, so that one customer's rows never keep those of others back.</summary>
    private async Task<int> EvaluateAsync(IReadOnlyList<string> page, int today, MonthNumber? month)
    {
        List<CustomerPayments> read;
        try
        {
            read = await source.ReadAsync(page, today);
        }
        catch (Exception e) when (page.Count > 1 && !IsOfAll(e))
        {
            var sum = 0;
            foreach (var id in page)
            {
                sum += await EvaluateAsync([id], today, month);
            }

            return sum;
        }
        catch (Exception e) when (!IsOfAll(e))
        {
            NotEvaluated(logger, page[0], e);
            return 0;
        }

        var scored = new List<Evaluation>();
        foreach (var customer in read)
        {
            try
            {
                scored.Add(ScoreOf(customer, today, month));
            }
            catch (Exception e) when (!IsOfAll(e))
            {
                NotEvaluated(logger, customer.Id, e);
            }
        }

        return await SaveAsync(scored);
    }

    /// <summary>Writes a page in one transaction; where that is refused, each by itself.</summary>
    private async Task<int> SaveAsync(IReadOnlyList<Evaluation> scored)
    {
        try
        {
            return await store.SaveAsync(scored);
        }
        catch (Exception e) when (scored.Count > 1 && !IsOfAll(e))
        {
            var sum = 0;
            foreach (var one in scored)
            {
                sum += await SaveAsync([one]);
            }

            return sum;
        }
        catch (Exception e) when (scored.Count == 1 && !IsOfAll(e))
        {
            NotEvaluated(logger, scored[0].Customer, e);
            return 0;
        }
    }

    /// <summary>The database is away: the round ends, and the next goes on.</summary>
    private static bool IsOfAll(Exception e) => e is NpgsqlException and not PostgresException or OperationCanceledException;

    [LoggerMessage(6901, LogLevel.Warning, "Grades could not be evaluated; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6902, LogLevel.Error, "The grade of customer {Customer} could not be evaluated; it stays until the next round.")]
    private static partial void NotEvaluated(ILogger logger, string customer, Exception cause);
}
