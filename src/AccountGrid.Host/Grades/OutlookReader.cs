using AccountGrid.Domain;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Grades;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Grades;

/// <summary>Works out what a customer will have used in the running month, from the closed days of its accounts.</summary>
internal sealed class OutlookReader(NpgsqlDataSource database, GradeSource source, TimeProvider time)
{
    /// <summary>Null where there is no such customer.</summary>
    public async Task<OutlookAnswer?> ReadAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await connection.QuerySingleOrDefaultAsync<(long? DemandW, string? Case)?>(
            "select contract_demand_w, fall_case from customer where id = @id", new { id }) is not { } customer)
        {
            return null;
        }

        var today = source.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        var month = MonthNumber.Of(today);
        var payments = (await source.ReadAsync([id], today)).Single();
        var numbers = payments.Accounts.Select(a => a.Number).ToArray();
        var (first, end) = (month.FirstDay, month.Plus(1).FirstDay);
        var days = await DaysAsync(connection, numbers, first.AddDays(-MonthOutlook.WindowDays), DateOnly.FromDayNumber(today));
        var outlooks = numbers.Select(n => MonthOutlook.Of([.. days[n]], month)).ToList();
        var forecasts = outlooks.Where(o => o.Forecast is not null).Select(o => o.Forecast!.Value.Wh).ToList();
        var (lastFirst, lastEnd) = (month.Plus(-12).FirstDay, month.Plus(-11).FirstDay);
        var last = (await DaysAsync(connection, numbers, lastFirst, lastEnd.AddDays(-1)))
            .Where(g => g.Count() == lastEnd.DayNumber - lastFirst.DayNumber).Select(g => g.Sum(d => d.Energy.Wh)).ToList();
        var fall = RiskFactsOf.UseFallOf(
            [.. payments.Accounts.SelectMany(a => PaymentHistories.UseOf(a, today, payments.Vacant))], month);
        decimal? forecast = forecasts.Count == 0 ? null : forecasts.Sum() / 1_000m;
        var hours = (end.DayNumber - first.DayNumber) * 24;
        decimal? demand = customer.DemandW is { } w ? w / 1_000m : null;
        return new(
            id, month.ToString(), forecasts.Count, outlooks.Sum(o => o.Known.Wh) / 1_000m, forecast, last.Count == 0 ? null : last.Sum() / 1_000m, last.Count,
            demand, forecast is { } kwh && demand is { } kw ? decimal.Round(kwh / (kw * hours), 4) : null, fall, fall > RiskScoring.FallMax, customer.Case);
    }

    private static async Task<ILookup<int, DayUse>> DaysAsync(NpgsqlConnection connection, int[] numbers, DateOnly from, DateOnly to) =>
        (await connection.QueryAsync<(int Account, DateTime Day, long Wh)>(
            """
            select d.account, d.day::timestamp, sum((select sum(w) from unnest(d.rate_wh) w))::bigint from account a
            join meter_day d on d.partition = a.partition and d.account = a.number
            where a.number = any(@numbers) and d.day between @from and @to and d.register < 5 group by 1, 2
            """,
            new { numbers, from, to })).ToLookup(d => d.Account, d => new DayUse(DateOnly.FromDateTime(d.Day).DayNumber, new Energy(d.Wh)));
}
