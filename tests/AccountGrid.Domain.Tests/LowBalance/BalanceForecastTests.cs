using AccountGrid.Domain.Commands;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.LowBalance;

/// <summary>Days of supply left: what they are learnt from, what they cost, and that there is one forecast for all who ask.</summary>
public sealed class BalanceForecastTests
{
    private const int Account = 1;
    private const int Meter = 2;
    private const string Zone = "Asia/Shanghai";

    private static readonly LocalCalendar Calendar = LocalCalendar.Find(Zone)!;
    private static readonly int Monday = new DateOnly(2026, 3, 2).DayNumber;

    [Fact]
    public void Steady_use_lasts_as_long_as_the_balance_divided_by_it()
    {
        var grid = Live(Flat(), days: 20);
        Pay(grid, 100);

        // 24 kWh a day at 0.50: twelve a day.
        Assert.Equal(83, Tenths(grid, 20));
        Assert.Equal(Units(12), Forecast(grid, 20).CostOfDays(1));
    }

    [Fact]
    public void A_level_by_days_the_days_of_a_notice_and_the_days_of_a_balance_are_one_forecast()
    {
        var grid = Live(TimeOfUse(), days: 20, policy: true);
        var forecast = BalanceForecast.Of(grid.Account(Account), Packs.Get("cn-residential").Business, At(20))!;
        foreach (var days in new[] { 1, 3, 7, 14 })
        {
            SetBalance(grid, forecast.CostOfDays(days));
            Assert.InRange(Tenths(grid, 20), (days * 10) - 1, days * 10);
        }

        CheckAt(grid, At(20));
        var levels = grid.Account(Account).Levels.Levels.Where(l => l.Kind == LevelKind.Days).ToList();
        Assert.NotEmpty(levels);
        Assert.All(levels,
            l => Assert.Equal(BalanceForecast.Of(grid.Account(Account), Packs.Get("cn-residential").Business, At(20))!.CostOfDays((int)l.Value).Nano,
                l.Fire.Nano));
    }

    [Fact]
    public void Todays_readings_count_today()
    {
        var grid = Live(Flat(), days: 20);
        Pay(grid, 100);
        var before = Tenths(grid, 20);
        var register = grid.Account(Account).Meters[0].Last.ValueWh;
        Push(grid, At(20.5), register + 72_000);
        SetBalance(grid, Units(100));
        Assert.True(Tenths(grid, 20.5) < before - 10, $"{Tenths(grid, 20.5)} after a day of six times the use, {before} before");
    }

    [Fact]
    public void A_change_of_tariff_counts_at_once()
    {
        var grid = Live(Flat(), days: 20);
        SetBalance(grid, Units(120));
        Assert.Equal(100, Tenths(grid, 20));
        grid.Execute(0, new ChangeTariff(Account, 2, Monday + 22), At(20));

        // Two days at twelve, then at twenty-four.
        Assert.Equal(60, Tenths(grid, 20));
    }

    [Fact]
    public void Standing_charge_tiers_and_tax_are_part_of_what_days_cost()
    {
        var grid = Live(Flat() with { StandingPerDay = "1.00", TaxBasisPoints = 1_000 }, days: 20);

        // (12 + 1) and a tenth; the running day's standing charge is taken already.
        Assert.Equal(new Money(14_300_000_000), Forecast(grid, 20).CostOfDays(2) - Forecast(grid, 20).CostOfDays(1));
        var tiered = Live(Flat() with { Tiers = new TierDefinition { Per = "month", Steps = [new TierStep(480_000, "0.50")] } }, days: 20);
        Assert.Equal(Units(24), Forecast(tiered, 20).CostOfDays(2) - Forecast(tiered, 20).CostOfDays(1));

        // April begins in ten days: the first tier again.
        Assert.Equal(Units(12), Forecast(tiered, 20).CostOfDays(13) - Forecast(tiered, 20).CostOfDays(12));
    }

    /// <summary>
    /// Tiers of a month and of a year are counted apart: a year's that begin in January do not have the month's energy, and the month's go on after them.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Tiers_that_change_from_months_to_years_cost_what_is_charged_then(int days)
    {
        var month = Flat() with { Tiers = new TierDefinition { Per = "month", Steps = [new TierStep(480_000, "0.50")] } };
        var year = month with { Id = "year", Tiers = new TierDefinition { Per = "year", Steps = [new TierStep(480_000, "0.30")] } };
        var grid = new FoldHarness(1, month, year, month with { Id = "month" });
        var start = Given.At("2026-01-01T00:00:00+08:00");
        grid.Execute(0, Given.Open(Account), start);
        grid.Execute(0, new InstallMeter(Meter, Account, default, start, 0), start);
        ReadTo(21 * 24);
        Assert.Null(grid.Execute(0, new ChangeTariff(Account, 2, Given.Day("2026-01-23")), start).Refusal);
        Assert.Null(grid.Execute(0, new ChangeTariff(Account, 3, Given.Day("2026-01-26")), start).Refusal);
        var now = start + (21 * Instants.MsPerDay);
        var forecast = BalanceForecast.Of(grid.Account(Account), null, now)!.CostOfDays(days);
        var before = grid.Account(Account).Balance;
        ReadTo((21 + days) * 24);
        Assert.Equal(before - grid.Account(Account).Balance, forecast);

        void ReadTo(int hours)
        {
            for (var hour = (grid.Account(Account).Meters[0].Last.TimeMs - start) / Instants.MsPerHour; hour < hours;)
            {
                Push(grid, start + (++hour * Instants.MsPerHour), hour * 1_000);
            }
        }
    }

    /// <summary>The use so far is cheap; from the tier on a day costs more than any balance, and the forecast ends there.</summary>
    [Fact]
    public void A_forecast_ends_where_a_day_costs_more_than_an_amount_can_be()
    {
        var grid = Live(Flat() with { Tiers = new TierDefinition { Per = "month", Steps = [new TierStep(50_000_000, "9999999")] } }, days: 20,
            whOf: _ => 99_000);
        SetBalance(grid, Units(100_000_000));

        // 2,376 kWh a day: the tier is reached on the second day from now.
        Assert.Equal(10, Tenths(grid, 20));
    }

    [Fact]
    public void Energy_is_laid_over_the_hours_as_it_was_used()
    {
        // All of it at night, at 0.20; spread evenly it would cost 0.35.
        var grid = Live(TimeOfUse(), days: 20, whOf: hour => hour < 6 ? 4_000 : 0);
        Assert.Equal(new Money(4_800_000_000), Forecast(grid, 20).CostOfDays(1));

        // From noon on: nothing until midnight.
        var register = grid.Account(Account).Meters[0].Last.ValueWh;
        for (var hour = 1; hour <= 12; hour++)
        {
            register += hour <= 6 ? 4_000 : 0;
            Push(grid, At(20 + (hour / 24d)), register);
        }

        SetBalance(grid, Units(1));
        var hours = Tenths(grid, 20.5) * 2.4;
        Assert.InRange(hours, 12, 14);
    }

    [Fact]
    public void A_silent_meter_does_not_make_a_balance_last()
    {
        var grid = Live(Flat(), days: 20);
        SetBalance(grid, Units(120));
        Assert.Equal(100, Tenths(grid, 20));
        Assert.Equal(75, Tenths(grid, 22.5));
        Assert.Equal(0, Tenths(grid, 45));
    }

    [Fact]
    public void The_order_in_which_readings_come_changes_nothing()
    {
        var random = new Random(5);
        var readings = Enumerable.Range(1, 20 * 24).Select(h => (Ms: At(h / 24d), Wh: 0L)).ToArray();
        long register = 0;
        for (var i = 0; i < readings.Length; i++)
        {
            readings[i].Wh = register += random.Next(0, 3_000);
        }

        var expected = Open(TimeOfUse());
        Fold(expected, readings, lateness: _ => 0);
        SetBalance(expected, Units(60));
        for (var seed = 1; seed <= 6; seed++)
        {
            // Up to three days late: closed days are opened again. All are there before the end.
            var late = new Random(seed);
            var grid = Open(TimeOfUse(), packs: seed % 2 == 0);
            Fold(grid, readings, lateness: ms => ms > At(16) ? 0 : late.Next(4) == 0 ? late.Next(3 * 24) : 0);
            SetBalance(grid, Units(60));
            Assert.True(grid[0].Reopenings > 0);
            Assert.Equal(Tenths(expected, 20), Tenths(grid, 20));
            Assert.Equal(Forecast(expected, 20).CostOfDays(14), Forecast(grid, 20).CostOfDays(14));
            for (var day = Monday; day < Monday + 20; day++)
            {
                Assert.Equal(expected.Account(Account).Customer!.Use.Of(day), grid.Account(Account).Customer!.Use.Of(day));
            }
        }
    }

    [Fact]
    public void What_is_remembered_is_stored_and_read_again()
    {
        var grid = Live(Flat(), days: 40, policy: true);
        SetBalance(grid, Units(77));
        grid[0].Flush();
        var before = Tenths(grid, 40);
        grid[0].Crash();
        SetBalance(grid, Units(77));
        Assert.Equal(before, Tenths(grid, 40));
        Assert.Null(grid.Account(Account).Customer!.Use.Of(Monday));
        Assert.Equal(new Energy(24_000), grid.Account(Account).Customer!.Use.Of(Monday + 30));
    }

    [Fact]
    public void An_account_without_a_pack_goes_by_its_periods_and_its_open_days()
    {
        var grid = Live(Flat(), days: 20, customer: false);
        SetBalance(grid, Units(120));
        Assert.InRange(Tenths(grid, 20), 99, 100);
    }

    [Fact]
    public void Nothing_is_said_of_a_postpaid_account_of_one_without_a_meter_and_of_one_that_uses_nothing()
    {
        var grid = Live(Flat(), days: 10, whOf: _ => 0);
        SetBalance(grid, Units(10));
        Assert.Null(Forecast(grid, 10).TenthsOfDaysLeft());
        var postpaid = Live(Flat(), days: 10);
        postpaid[0].State.FindAccount(Account)!.Mode = PaymentMode.Postpaid;
        Assert.Null(BalanceForecast.Of(postpaid.Account(Account), null, At(10)));
        var none = new FoldHarness(1, Flat());
        none.Execute(0, new OpenAccount(Account, "A", 1, PaymentMode.Prepaid, Monday, 0, false, []), At(0));
        Assert.Null(BalanceForecast.Of(none.Account(Account), null, At(5)));
    }

    [Fact]
    public void The_next_account_of_a_meter_knows_nothing_of_the_one_before()
    {
        var grid = Live(Flat(), days: 20);
        grid.Execute(0, new OpenAccount(7, "B", 1, PaymentMode.Prepaid, Monday, 0, false, []), At(20));
        grid.Execute(0, new ReleaseMeter(Meter, 7, 0, At(20), null), At(20));
        Assert.Null(BalanceForecast.Of(grid.Account(7), null, At(20)));
        Assert.Null(BalanceForecast.Of(grid.Account(Account), null, At(20)));
        Push(grid, At(20.25), (20 * 24_000) + 600);
        grid[0].State.FindAccount(7)!.Credit = grid.Account(7).Charged + Units(12);

        // 2,400 Wh a day at 0.50.
        Assert.Equal(100, BalanceForecast.Of(grid.Account(7), null, At(20.25))!.TenthsOfDaysLeft());
    }

    [Fact]
    public void A_gap_that_is_filled_by_one_reading_leaves_the_mean_as_it_is()
    {
        var grid = Live(Flat(), days: 12);
        Push(grid, At(17), 17 * 24_000);
        for (var hour = 1; hour <= 48; hour++)
        {
            Push(grid, At(17 + (hour / 24d)), (17 * 24_000) + (hour * 1_000));
        }

        CheckAt(grid, At(19));
        SetBalance(grid, Units(120));
        Assert.InRange(Tenths(grid, 19), 99, 100);
    }

    private static TariffDefinition Flat() => new() { Id = "flat", Currency = "CNY", Zone = Zone, Rates = [new("flat", "0.50")] };

    private static TariffDefinition TimeOfUse() => new()
    {
        Id = "tou",
        Currency = "CNY",
        Zone = Zone,
        Rates = [new("day", "0.50"), new("night", "0.20")],
        Schedule = [new RateRule { Rate = "night", From = "00:00", To = "12:00" }],
    };

    /// <summary>An account whose meter reports every hour, and whose days close two days later.</summary>
    private static FoldHarness Live(TariffDefinition tariff, int days, Func<int, int>? whOf = null, bool policy = false, bool customer = true)
    {
        var grid = Open(tariff, policy: policy, customer: customer);
        long register = 0;
        Fold(grid, [.. Enumerable.Range(1, days * 24).Select(h => (At(h / 24d), register += whOf?.Invoke((h - 1) % 24) ?? 1_000))], _ => 0);
        return grid;
    }

    private static FoldHarness Open(TariffDefinition tariff, bool packs = true, bool policy = false, bool customer = true)
    {
        var grid = new FoldHarness(1, packs, tariff, Flat() with { Id = "dear", Rates = [new("flat", "1.00")] });
        if (policy)
        {
            grid.With(9, Packs.Get("cn-residential"));
        }

        grid.Execute(0, new OpenAccount(Account, "A", 1, PaymentMode.Prepaid, Monday, 0, false, []), At(0));
        if (policy)
        {
            grid.Execute(0, new SetCustomer(Account, 9, CustomerClass.Residential, CustomerTraits.None, "form 1"), At(0));
        }
        else if (customer)
        {
            grid[0].State.FindAccount(Account)!.Customer = new Customer { PolicyFamily = 9 };
        }

        grid.Execute(0, new InstallMeter(Meter, Account, default, At(0), 0), At(0));
        return grid;
    }

    /// <summary>Readings as they come, each so many hours late, and a check each day at two in the morning.</summary>
    private static void Fold(FoldHarness grid, (long Ms, long Wh)[] readings, Func<long, int> lateness)
    {
        var arrivals = readings.Select(r => (At: r.Ms + (lateness(r.Ms) * Instants.MsPerHour), r.Ms, r.Wh)).OrderBy(a => a.At).ToList();
        var check = At(1) + (2 * Instants.MsPerHour);
        foreach (var (at, ms, wh) in arrivals)
        {
            for (; check <= at; check += Instants.MsPerDay)
            {
                CheckAt(grid, check);
            }

            grid[0].Append(at, new Reading(Meter, RegisterKind.Import, ms, wh, ReadingQuality.None, 0));
            grid.Settle();
        }
    }

    private static void CheckAt(FoldHarness grid, long ms)
    {
        grid[0].Append(new Check(ms, [Account]), ms);
        grid.Settle();
    }

    private static void Push(FoldHarness grid, long ms, long wh)
    {
        grid[0].Append(ms, new Reading(Meter, RegisterKind.Import, ms, wh, ReadingQuality.None, 0));
        grid.Settle();
    }

    private static void Pay(FoldHarness grid, long units) => SetBalance(grid, Units(units));

    private static void SetBalance(FoldHarness grid, Money balance)
    {
        var account = grid[0].State.FindAccount(Account)!;
        account.Credit = account.Charged + balance;
    }

    private static BalanceForecast Forecast(FoldHarness grid, double day) => BalanceForecast.Of(grid.Account(Account), null, At(day))!;

    private static int Tenths(FoldHarness grid, double day) => Forecast(grid, day).TenthsOfDaysLeft()!.Value;

    private static Money Units(long units) => Money.FromUnits(units);

    private static long At(double day) => Calendar.StartOf(Monday) + (long)Math.Round(day * Instants.MsPerDay);
}
