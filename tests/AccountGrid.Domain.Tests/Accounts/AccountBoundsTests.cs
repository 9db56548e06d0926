using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Accounts;

/// <summary>
/// What an account sums over its life has no bound; its balance, its debt and its bill do, and nothing that meets a bound is an error of the fold.
/// </summary>
public sealed class AccountBoundsTests
{
    private const int Account = 1;
    private const int Meter = 7;

    /// <summary>At 1,000 a kWh: 100 million units.</summary>
    private const long HundredMillionWh = 100_000_000;

    private static readonly long Start = Given.At("2026-01-01T00:00:00+08:00");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_500th_payment_of_100_million_is_taken_and_charges_go_on(bool packs)
    {
        var grid = Opened(packs, Given.Flat("1000"));
        for (var day = 1; day <= 500; day++)
        {
            var now = Start + (day * Instants.MsPerDay) - Instants.MsPerHour;
            Assert.Null(grid.Execute(0, Given.Pay(Account, "100000000"), now).Refusal);
            grid[0].Append(now, At(now, day * HundredMillionWh));
            grid[0].Append(new Check(now, [Account]), now);
            grid.Settle();
            if (day % 100 == 0)
            {
                grid[0].Flush();
                grid[0].Crash();
                grid.Settle();
            }
        }

        var account = grid.Account(Account);
        Assert.Equal(Money.Zero, account.Balance);
        Assert.Equal(("50000000000.000000000", "50000000000.000000000"), (account.Credit.ToString(), account.Charged.ToString()));
        Assert.NotEqual(WideMoney.Zero, account.Settled);
        Assert.DoesNotContain(grid[0].Exceptions, e => e.Key.Outcome != VeeOutcome.FrozenRun);
        Assert.Equal(account.LedgerBalance, grid[0].Entries.Aggregate(Money.Zero, (sum, e) => sum + e.Amount));
        Assert.Equal(StateCodec.Encode(account), StateCodec.Encode(StateCodec.DecodeAccount(StateCodec.Encode(account), grid.Tariff)));
    }

    /// <summary>20 billion a year at 3,000 and, above 1 kWh of the year, 1,000 more; 10 % tax.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_year_of_tiers_may_cost_more_than_an_amount_can_be(bool packs)
    {
        var grid = Opened(packs,
            Given.Flat("3000") with { TaxBasisPoints = 1_000, Tiers = new TierDefinition { Per = "year", Steps = [new TierStep(1_000, "1000")] } });
        for (var day = 1; day <= 300; day++)
        {
            var now = Start + (day * Instants.MsPerDay) - Instants.MsPerHour;
            Assert.Null(grid.Execute(0, Given.Pay(Account, "88000000"), now).Refusal);
            grid[0].Append(now, At(now, day * 20_000_000L));
            grid[0].Append(new Check(now, [Account]), now);
            grid.Settle();
            if (day % 50 == 0)
            {
                grid[0].Flush();
                grid[0].Crash();
            }
        }

        // 6 GWh at 4,400, less the first kWh's surcharge and its tax.
        var account = grid.Account(Account);
        Assert.Equal("26399998900.000000000", account.Charged.ToString());
        Assert.Equal("26399998900.000000000", Assert.Single(account.Periods).Charge.ToString());
        Assert.Equal("1100.000000000", account.Balance.ToString());
        Assert.Equal(account.LedgerBalance, grid[0].Entries.Aggregate(Money.Zero, (sum, e) => sum + e.Amount));
    }

    [Fact]
    public void A_payment_or_adjustment_that_would_take_the_balance_out_of_bounds_is_refused_and_one_back_to_zero_never()
    {
        var grid = Opened(true, Given.Flat());
        var payments = Enumerable.Range(0, 6).Select(_ => Pay("1000000000", null)).ToList();
        Pay("0.000000001", "account.limit");
        Adjust("0.000000001", "account.limit");
        Adjust("-0.000000001", null);
        Pay("0.000000001", null);
        for (var i = 0; i < 6; i++)
        {
            Reverse(payments[i], null);
            Adjust("-1000000000", null);
        }

        Assert.Equal("-6000000000.000000000", grid.Account(Account).Balance.ToString());
        var last = Pay("1", null);
        Adjust("-1", null);
        Adjust("-0.000000001", "account.limit");
        Reverse(last, "account.limit");
        Pay("0.000000001", null);

        long Pay(string amount, string? code) => Do(Given.Pay(Account, amount), code);
        void Adjust(string amount, string? code) => Do(new AdjustBalance(Account, Given.Amount(amount), "test", DecidedBy: "a", ApprovedBy: "b"), code);
        void Reverse(long position, string? code) => Do(new ReversePayment(Account, position, null), code);
        long Do(GridCommand command, string? code)
        {
            var outcome = grid.Execute(0, command, Start);
            Assert.Equal(code, outcome.Refusal?.Code);
            return outcome.Position;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reading_beyond_the_bound_is_an_exception_and_the_next_one_after_a_payment_has_its_energy(bool packs)
    {
        var grid = Opened(packs, Given.Flat("1000"));
        var wh = 0L;
        for (var hour = 1; hour <= 20; hour++)
        {
            Read(hour, 400_000_000);
        }

        // The 15th begins at six billion, which is not beyond it; the 16th and all after it are not applied.
        Assert.Equal("-6400000000.000000000", grid.Account(Account).Balance.ToString());
        var held = grid[0].Exceptions.Where(e => e.Key.Outcome == VeeOutcome.AccountLimit).ToList();
        Assert.Equal(4, held.Count);
        Assert.All(held, e => Assert.Equal(("reading.account_limit", true), (e.Key.Outcome.Code(), e.Value.Open)));

        // Late data does not get past it either, and what is known stays a duplicate.
        grid[0].Append(Start + (21 * Instants.MsPerHour), At(Start + Instants.MsPerHour + 60_000, 400_000_001), At(Start + Instants.MsPerHour, 400_000_000));
        grid.Settle();
        Assert.Equal(5, grid[0].Exceptions.Count(e => e.Key.Outcome == VeeOutcome.AccountLimit));

        // The days have closed: what is charged is in the ledger.
        grid[0].Append(new Check(Start + (100 * Instants.MsPerHour), [Account]), Start + (100 * Instants.MsPerHour));
        grid.Settle();
        Assert.Null(grid.Execute(0, Given.Pay(Account, "1000000000"), Start).Refusal);
        Read(101, -1_600_000_000 + 600_000_000);
        Assert.Equal("-6000000000.000000000", grid.Account(Account).Balance.ToString());

        void Read(int hour, long more)
        {
            wh += more;
            grid[0].Append(Start + (hour * Instants.MsPerHour), At(Start + (hour * Instants.MsPerHour), wh));
            grid.Settle();
        }
    }

    [Fact]
    public void Standing_charges_wait_at_the_bound_and_go_on_after_a_payment()
    {
        var grid = Opened(true, Given.Flat() with { StandingPerDay = "10000000" });
        var now = Start;
        Pass(700);
        Assert.Equal("-6010000000.000000000", grid.Account(Account).Balance.ToString());
        Assert.Equal(now + Instants.MsPerDay, grid[0].DueOf(Account));
        Assert.Null(grid.Execute(0, Given.Pay(Account, "1000000000"), now).Refusal);
        Assert.Null(grid.Execute(0, Given.Pay(Account, "1000000000"), now).Refusal);
        Pass(1);
        Assert.Equal(Given.Day("2026-01-01") + 701, grid.Account(Account).StandingThroughDay);
        Assert.Equal(Money.FromUnits(2_000_000_000 - (702 * 10_000_000L)), grid.Account(Account).Balance);

        void Pass(int days)
        {
            for (var i = 0; i < days; i++)
            {
                now += Instants.MsPerDay;
                grid[0].Append(new Check(now, [Account]), now);
                grid.Settle();
            }
        }
    }

    [Fact]
    public void A_bill_has_a_bound_too_and_what_is_beyond_it_is_on_the_next()
    {
        var life = new Life("2026-01-01", PaymentMode.Postpaid, Packs.Get("cn-residential"), price: "1000") { HourlyWh = null };
        for (var i = 0; i < 25; i++)
        {
            life.Use(400_000_000);
        }

        // Before the 16th six billion are charged and not billed, which is not beyond it.
        Assert.Equal("-6400000000.000000000", life.State.Balance.ToString());
        Assert.Equal(9, life.Partition.Exceptions.Count(e => e.Key.Outcome == VeeOutcome.AccountLimit));

        // Of the day's charges nothing is in the ledger yet: it can be credited six billion.
        Assert.Equal(15, Paid());
        life.To("2026-01-04T12:00:00+08:00");
        Assert.Equal(5, Paid());
        Assert.Equal(Money.FromUnits((20 - 16) * 400_000_000L), life.State.Balance);
        life.To("2026-02-09T12:00:00+08:00");
        Assert.Equal("6400000000.000000000", Assert.Single(life.Partition.Bills).Facts.Amount.ToString());
        Assert.True(life.Pay("400000000").Accepted);
        Assert.Equal(Money.FromUnits((21 - 16) * 400_000_000L), life.State.Balance);

        int Paid()
        {
            var paid = 0;
            while (life.Pay("400000000").Accepted)
            {
                paid++;
            }

            Assert.Equal("account.limit", life.Pay("400000000").Refusal!.Code);
            return paid;
        }
    }

    [Fact]
    public void A_debt_is_owed_with_the_balance()
    {
        var life = new Life("2026-01-01", PaymentMode.Prepaid, Packs.Get("cn-residential"), price: "1000") { HourlyWh = null };
        for (var i = 0; i < 4; i++)
        {
            life.Use(800_000_000);
        }

        life.Ok(new MoveToDebt(1, Given.Amount("3200000000"), 1_000, Money.Zero, "agreed"));
        Assert.Equal(Money.Zero, life.State.Balance);
        for (var i = 0; i < 6; i++)
        {
            life.Use(800_000_000);
        }

        // 3.2 billion of debt and 3.2 of balance are beyond six; the two readings after it are not applied.
        Assert.Equal("-3200000000.000000000", life.State.Balance.ToString());
        Assert.Equal(2, life.Partition.Exceptions.Count(e => e.Key.Outcome == VeeOutcome.AccountLimit));
        Assert.Equal("account.limit", life.Do(new MoveToDebt(1, Given.Amount("3200000000"), 1_000, Money.Zero, "agreed")).Refusal?.Code);
    }

    /// <summary>A household of the largest size pays no tiers; back to none it owes them all.</summary>
    [Fact]
    public void Another_household_that_would_cost_more_than_an_account_can_owe_is_refused()
    {
        var tiers = new TierDefinition { Per = "year", Steps = [new TierStep(0, "10000000")], HouseholdBase = 1, ExtraWhPerPerson = 10_000_000 };
        var grid = Opened(true, Given.Flat("0.01") with { Tiers = tiers }, household: 100);
        for (var i = 1; i <= 100; i++)
        {
            grid[0].Append(Start + (i * Instants.MsPerHour), At(Start + (i * Instants.MsPerHour), i * 90_000L));
        }

        grid.Settle();
        Assert.Equal("-90.000000000", grid.Account(Account).Balance.ToString());
        var refused = grid.Execute(0, new ChangeHousehold(Account, 1, false, Given.Day("2026-01-01"), "wrong"), Start + Instants.MsPerDay);
        Assert.Equal("account.limit", refused.Refusal?.Code);
        Assert.Null(grid.Execute(0, new ChangeHousehold(Account, 99, false, Given.Day("2026-01-01"), "right"), Start + Instants.MsPerDay).Refusal);
    }

    /// <summary>A sum of more than 64 bits is stored whole; one that fits takes the same bytes as before.</summary>
    [Fact]
    public void Sums_are_stored_whole()
    {
        var grid = Opened(true, Given.Flat());
        Int128[] nanos = [0, 1, -1, 63, 64, -64, -65, long.MaxValue, long.MinValue, (Int128)long.MaxValue + 1, (Int128)long.MinValue - 1, Int128.MaxValue / 4,
            Int128.MinValue / 4];
        foreach (var nano in nanos)
        {
            var account = grid.Account(Account);
            account.Credit = account.Settled = new WideMoney(nano);
            var read = StateCodec.DecodeAccount(StateCodec.Encode(account), grid.Tariff);
            Assert.Equal((nano, nano, nano), (read.Credit.Nano, read.Settled.Nano, read.Charged.Nano));
        }
    }

    private static FoldHarness Opened(bool packs, TariffDefinition tariff, byte household = 0)
    {
        var grid = new FoldHarness(1, packs, tariff);
        grid.Execute(0, Given.Open(Account) with { Mode = PaymentMode.Postpaid, HouseholdSize = household }, Start);
        grid.Execute(0, Given.Meter(Meter, Account, "2026-01-01T00:00:00+08:00"), Start);
        return grid;
    }

    private static Reading At(long ms, long wh) => new(Meter, RegisterKind.Import, ms, wh, ReadingQuality.None, 0);
}
