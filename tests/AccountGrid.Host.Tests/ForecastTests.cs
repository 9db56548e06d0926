using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Rating;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>
/// How far "days left" is from what then happened, on real customers, beside two simple ways to say it. At an instant of any hour an account gets the balance
/// that its later readings used up in exactly so many days, and is asked how long it will last. The account is the fold's own: its days close as they do in
/// life.
/// </summary>
public sealed class ForecastTests(ITestOutputHelper output)
{
    /// <summary>First day at which is asked: both simple ways need a week, and a fortnight must be whole.</summary>
    private const int FirstDay = 14;
    private static readonly int[] Horizons = [3, 7, 14];

    [Theory]
    [InlineData(SharedData.Swiss, "Europe/Zurich")]
    [InlineData(SharedData.Australian, "Australia/Brisbane")]
    public async Task Days_left_are_nearer_to_the_truth_than_the_last_seven_days_and_than_the_same_weekdays_were(string name, string zone)
    {
        if (SharedData.Find(name) is not { } file)
        {
            Assert.Skip($"{name} is not beside the checkout; a forecast can only be judged on real days.");
            return;
        }

        var series = (await IntervalFile.ReadAsync(file)).Where(s => s.Intervals.TrueForAll(i => i.MilliWh >= 0) && MeanWhOfDay(s) >= 1_000).ToList();
        foreach (var definition in new[] { TariffOf("demo-tou", zone), TariffOf("demo-flat", zone) })
        {
            var errors = Horizons.ToDictionary(h => h, _ => new Errors());
            foreach (var (index, household) in series.Index())
            {
                new Trial(household, TariffCompiler.Compile(1, definition).Tariff!, index).Run(errors);
            }

            foreach (var (horizon, e) in errors)
            {
                var (ours, week, same) = (e.Forecast.Average(), e.LastWeek.Average(), e.SameWeekday.Average());
                output.WriteLine(
                    string.Create(CultureInfo.InvariantCulture,
                        $"{name}, {definition.Id}, {horizon} days of supply, {e.Forecast.Count} questions of {series.Count} meters: mean absolute error "
                            + $"{ours:0.000} days; last 7 days {week:0.000}; same weekday {same:0.000}"));
                Assert.True(e.Forecast.Count > 1_000 && ours < week && ours < same, $"{definition.Id}, {horizon} days: {ours} against {week} and {same}");
            }
        }
    }

    private static TariffDefinition TariffOf(string id, string zone) => ExampleTariffs.All.First(t => t.Id == id) with { Zone = zone };

    private static double MeanWhOfDay(IntervalSeries s) => s.Intervals.Sum(i => i.MilliWh) / 1_000d / s.Intervals.Count * Instants.MsPerDay / s.StepMs;

    private sealed record Errors
    {
        public List<double> Forecast { get; } = [];

        public List<double> LastWeek { get; } = [];

        public List<double> SameWeekday { get; } = [];
    }

    /// <summary>One household: its intervals become register readings of an account, folded as they come.</summary>
    private sealed class Trial
    {
        private readonly Tariff _tariff;
        private readonly int _index;
        private readonly int _perDay;
        private readonly long _startMs;

        /// <summary>Energy and cost of each interval from the first local midnight on; no energy where it is missing.</summary>
        private readonly long?[] _wh;
        private readonly double[] _cost;
        private readonly PartitionState _state;
        private readonly PartitionFold _fold;
        private readonly Effects _effects = new();
        private long _position;

        public Trial(IntervalSeries series, Tariff tariff, int index)
        {
            (_tariff, _index, _perDay) = (tariff, index, (int)(Instants.MsPerDay / series.StepMs));
            StepMs = series.StepMs;
            _startMs = tariff.Calendar.StartOf(tariff.Calendar.DayOf(series.Intervals[0].EndMs - StepMs - 1) + 1);
            _wh = new long?[(int)((series.Intervals[^1].EndMs - _startMs) / StepMs)];
            long total = 0;
            foreach (var interval in series.Intervals.Where(i => i.EndMs > _startMs))
            {
                var before = total / 1_000;
                total += interval.MilliWh;
                _wh[((interval.EndMs - _startMs) / StepMs) - 1] = (total / 1_000) - before;
            }

            _cost = [.. _wh.Select((wh, i) => wh is { } known ? CostOf(TimeOf(i), known) : double.NaN)];
            _state = new PartitionState(0, _ => tariff);
            _fold = new PartitionFold(_state, _ => tariff);
        }

        private int StepMs { get; }

        public void Run(Dictionary<int, Errors> errors)
        {
            const int Account = 1;
            Apply(new OpenAccount(Account, "A", 1, PaymentMode.Prepaid, _tariff.Calendar.DayOf(_startMs), 0, false, []), _startMs);
            _state.FindAccount(Account)!.Customer = new Customer { PolicyFamily = 1 };
            Apply(new InstallMeter(2, Account, default, _startMs, 0), _startMs);
            long register = 0;
            for (var i = 0; i < _wh.Length; i++)
            {
                if (_wh[i] is { } wh)
                {
                    register += wh;
                    Assert.Null(_fold.Apply(new Reading(2, RegisterKind.Import, TimeOf(i + 1), register, 0, 0), _position++, TimeOf(i + 1), _effects));
                }

                if ((i + 1) % _perDay == _perDay / 12)
                {
                    // Two in the morning: the day before yesterday has had its grace.
                    Apply(new Check(TimeOf(i + 1), [Account]), TimeOf(i + 1));
                }

                if (IsAsked(i + 1))
                {
                    Ask(_state.FindAccount(Account)!, i + 1, errors);
                }
            }
        }

        /// <summary>Every other day, at an instant of any hour.</summary>
        private bool IsAsked(int at)
        {
            var day = at / _perDay;
            return day >= FirstDay && (day + _index) % 2 == 0 && at % _perDay == ((day * 37) + (_index * 11)) % _perDay;
        }

        private void Ask(AccountState account, int at, Dictionary<int, Errors> errors)
        {
            foreach (var (horizon, e) in errors)
            {
                var end = at + (horizon * _perDay);
                if (end > _cost.Length || Sum(at - (FirstDay * _perDay), end) is double.NaN || Sum(at, end) is not (> 0 and var balance)
                    || Sum(at, end) < MinOf(horizon))
                {
                    continue;
                }

                var credit = account.Credit;
                account.Credit = account.Charged + new Money((long)balance);
                var forecast = BalanceForecast.Of(account, null, TimeOf(at))!.TenthsOfDaysLeft();
                account.Credit = credit;
                e.Forecast.Add(Math.Abs(((forecast ?? BalanceForecast.DaysMax * 10) / 10d) - horizon));
                var week = Sum(at - (7 * _perDay), at) / 7 / _perDay;
                e.LastWeek.Add(Math.Abs(DaysLeft(balance, _ => week) - horizon));
                e.SameWeekday.Add(Math.Abs(DaysLeft(balance, i => _cost[at - (7 * _perDay) + (i % (7 * _perDay))]) - horizon));
            }
        }

        /// <summary>A hundred watt-hours a day at the lowest price: below it nobody is at home, and every way is as far from the truth as its bound.</summary>
        private static double MinOf(int horizon) => horizon * 100 * 0.2 * 1_000_000;

        private double DaysLeft(double balance, Func<int, double> costOf)
        {
            for (var i = 0; i < BalanceForecast.DaysMax * _perDay; i++)
            {
                var cost = costOf(i);
                if (balance <= cost)
                {
                    return (i + (balance / cost)) / _perDay;
                }

                balance -= cost;
            }

            return BalanceForecast.DaysMax;
        }

        private double Sum(int from, int to)
        {
            var sum = 0d;
            for (var i = from; i < to; i++)
            {
                sum += _cost[i];
            }

            return sum;
        }

        private double CostOf(long ms, long wh)
        {
            var plan = _tariff.PlanAt(ms);
            return _tariff.PriceOf(plan.RateOf(plan.SlotOf(ms))).MicroPerKwh * (double)wh * (1 + (_tariff.TaxBasisPoints / 10_000d));
        }

        private long TimeOf(int index) => _startMs + ((long)index * StepMs);

        private void Apply(GridCommand command, long nowMs) => Assert.Null(_fold.Apply(command, _position++, nowMs, _effects));
    }
}
