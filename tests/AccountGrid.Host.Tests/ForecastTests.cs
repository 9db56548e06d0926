using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Operations;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>How far "days left" is from what then happened, on real customers, beside two simple ways to say it.</summary>
public sealed class ForecastTests(ITestOutputHelper output)
{
    /// <summary>Days close a day after they end: at a morning the day before yesterday is the last that is known.</summary>
    private const int KnownLag = 2;
    private const int FirstDay = 14;

    [Theory]
    [InlineData(SharedData.Swiss, "Europe/Zurich")]
    [InlineData(SharedData.Australian, "Australia/Brisbane")]
    public async Task Days_left_are_nearer_to_the_truth_than_the_last_day_and_than_the_last_week(string name, string zone)
    {
        if (SharedData.Find(name) is not { } file)
        {
            Assert.Skip($"{name} is not beside the checkout; a forecast can only be judged on real days.");
            return;
        }

        var calendar = LocalCalendar.Find(zone)!;
        var towns = (await IntervalFile.ReadAsync(file)).Select(s => DaysOf(s, calendar)).Where(d => d.Count > FirstDay && d.Values.Average() >= 1_000).ToList();
        foreach (var horizon in new[] { 3, 7 })
        {
            var errors = (Forecast: new List<double>(), LastDay: new List<double>(), LastWeek: new List<double>());
            towns.ForEach(t => Judge(t, horizon, errors.Forecast, errors.LastDay, errors.LastWeek));
            var (ours, day, week) = (errors.Forecast.Average(), errors.LastDay.Average(), errors.LastWeek.Average());
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, {horizon} days of supply, {errors.Forecast.Count} mornings of {towns.Count} meters: mean absolute error {ours:0.000} days; last day {day:0.000}; mean of the last week {week:0.000}"));
            Assert.True(errors.Forecast.Count > 1_000 && ours < day && ours < week, $"{horizon} days: {ours} against {day} and {week}");
        }
    }

    private static void Judge(SortedDictionary<int, long> days, int horizon, List<double> forecastErrors, List<double> dayErrors, List<double> weekErrors)
    {
        var forecast = default(Forecast);
        var known = new List<long>();
        var first = days.Keys.First();
        for (var today = first; today <= days.Keys.Last(); today++)
        {
            if (days.TryGetValue(today - KnownLag, out var wh))
            {
                forecast.Learn(IsBusinessDay(today - KnownLag), wh, wh);
                known.Add(wh);
            }

            var next = Enumerable.Range(today, horizon).Select(d => days.GetValueOrDefault(d, -1)).ToList();
            if (today < first + FirstDay || known.Count < 7 || next.Contains(-1) || next.Sum() <= 0)
            {
                continue;
            }

            var balance = (double)next.Sum();
            forecastErrors.Add(Math.Abs(DaysLeft(balance, today, d => forecast.Of(IsBusinessDay(d)).Wh) - horizon));
            dayErrors.Add(Math.Abs(DaysLeft(balance, today, _ => known[^1]) - horizon));
            weekErrors.Add(Math.Abs(DaysLeft(balance, today, _ => known[^7..].Average()) - horizon));
        }
    }

    private static double DaysLeft(double balance, int today, Func<int, double> useOf)
    {
        const int DaysMax = 60;
        for (var i = 0; i < DaysMax; i++)
        {
            var use = useOf(today + i);
            if (use <= 0)
            {
                return DaysMax;
            }

            if (balance <= use)
            {
                return i + (balance / use);
            }

            balance -= use;
        }

        return DaysMax;
    }

    /// <summary>Energy of each whole day, Wh; days with a missing or impossible interval are left out.</summary>
    private static SortedDictionary<int, long> DaysOf(IntervalSeries series, LocalCalendar calendar)
    {
        var days = series.Intervals.GroupBy(i => calendar.DayOfIntervalEnd(i.EndMs)).ToList();
        var whole = days.Max(d => d.Count());
        return new SortedDictionary<int, long>(days.Where(d => d.Count() == whole && d.All(i => i.MilliWh >= 0)).ToDictionary(d => d.Key, d => d.Sum(i => i.MilliWh) / 1_000));
    }

    private static bool IsBusinessDay(int day) => DateOnly.FromDayNumber(day).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}
