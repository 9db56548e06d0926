using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Prices at their largest, and below zero.</summary>
public sealed class PriceBoundsTests
{
    private static readonly long Start = Given.At("2026-01-01T00:00:00+08:00");

    private static TariffDefinition Spot => Given.Tariff("Asia/Shanghai", ("day", "0.30"), ("night", "-0.05")) with
    {
        Schedule = [new RateRule { Rate = "night", From = "22:00", To = "08:00" }],
        TaxBasisPoints = 1_000,
    };

    [Fact]
    public void A_price_below_zero_credits_its_energy_and_its_tax()
    {
        // 10 kWh from 00:00 to 08:00 at −0.05 are −0.50, 10 % tax on it −0.05: −0.55. Then 5 kWh at 0.30 are 1.50: 1.00 and 0.10 of tax, 1.10.
        var grid = FoldHarness.WithMeter(Spot);
        grid[0].Append(0, Given.Reading(7, "2026-03-01T08:00+08:00", 10_000));
        grid.Settle();
        Assert.Equal("0.550000000", grid.Account(1).Balance.ToString());
        grid[0].Append(0, Given.Reading(7, "2026-03-01T12:00+08:00", 15_000));
        grid.Settle();
        Assert.Equal("-1.100000000", grid.Account(1).Balance.ToString());
    }

    /// <summary>Half of the last decimal goes to even below zero as above it: 0.5 and 1.5 nano of tax are 0 and 2.</summary>
    [Theory]
    [InlineData(1, "-0.000005000")]
    [InlineData(3, "-0.000015002")]
    [InlineData(5, "-0.000025002")]
    public void Tax_below_zero_rounds_once_to_even(long wh, string charge)
    {
        // 5,000 nano a Wh; tax of 1 basis point: 0.5 nano a Wh.
        var (tariff, _) = TariffCompiler.Compile(1, Given.Flat("-0.005") with { TaxBasisPoints = 1 });
        var sums = new Sums(new Energy(wh), WideMoney.Product(wh, tariff!.PriceOf(0).MicroPerKwh), 0);
        Assert.Equal(charge, ChargePeriod.ChargeOf(sums, tariff, default, Energy.Zero).Total.ToString());
    }

    /// <summary>
    /// At 10^7 with a levy and a tier of 10^7 a kWh costs 3 × 10^7: 33,333 Wh are 999,990,000, and one more is beyond a billion. Below zero the levy is
    /// taken off: −10^7 + 1 and a tier of 1 make 9,999,999 + 1.
    /// </summary>
    [Theory]
    [InlineData("10000000", "10000000", "10000000", 33_333)]
    [InlineData("10000000", "0", "0", 100_000)]
    [InlineData("-10000000", "0", "0", 100_000)]
    [InlineData("-10000000", "1", "1", 100_000)]
    [InlineData("0", "0", "0", 1_000_000_000_000_000_000)]
    public void The_largest_difference_is_a_billion_at_the_dearest_price_on_either_side(string price, string levy, string tier, long wh)
    {
        var tiers = new TierDefinition { Steps = [new TierStep(0, tier)] };
        var (tariff, refusal) = TariffCompiler.Compile(1, Given.Flat(price) with { LevyPerKwh = levy, Tiers = tiers });
        Assert.Null(refusal);
        Assert.Equal(wh, tariff!.DifferenceMaxWh);
        Assert.True(tariff.DifferenceMaxWh >= Limits.SafeDifferenceWh);
    }

    [Theory]
    [InlineData("10000000")]
    [InlineData("-10000000")]
    public void What_would_cost_more_than_a_billion_is_held(string price)
    {
        var grid = Opened(packs: true, price);
        grid[0].Append(Start, At(1, 100_000), At(2, 200_001));
        grid.Settle();
        var account = grid.Account(1);
        Assert.Equal((100_000, 100_001), (account.Meters[0].Charged.Wh, account.Meters[0].Held.Wh));
        Assert.Equal(price[0] == '-' ? "1000000000.000000000" : "-1000000000.000000000", account.Balance.ToString());
    }

    /// <summary>A charge of any prices and energies that are accepted is the product in 128 bits, to the last decimal, and fits.</summary>
    [Fact]
    public void No_accepted_difference_leaves_the_range_of_money() =>
        Gen.Select(Gen.Long[-10_000_000_000_000, 10_000_000_000_000], Gen.Long[0, 10_000_000_000_000], Gen.Long[0, 10_000_000_000_000],
            Gen.Int[0, 10_000], Gen.Double[0, 1]).Sample((price, levy, tier, tax, share) =>
        {
            var (tariff, _) = TariffCompiler.Compile(1, Given.Flat(Text(price)) with
            {
                LevyPerKwh = Text(levy),
                TaxBasisPoints = tax,
                Tiers = new TierDefinition { Steps = [new TierStep(0, Text(tier))] },
            });
            var wh = Math.Min(Limits.RegisterMaxWh, (long)(tariff!.DifferenceMaxWh * share));
            var sums = new Sums(new Energy(wh), tariff.PriceOf(0) * new Energy(wh), 0);
            var net = (Int128)wh * (price + levy + tier);
            var charge = ChargePeriod.ChargeOf(sums, tariff, default, Energy.Zero);
            Assert.Equal(net, (charge.Energy + charge.Tiers).Nano);
            Assert.Equal(new WideMoney(net).Percentage(tax), charge.Tax);
            Assert.True(charge.Total.IsMoney);
            Assert.InRange(Int128.Abs(charge.Total.Nano), 0, 2 * (Int128)Limits.DifferenceMaxNano);
        }, iter: PropertyRuns.Of(2_000));

    /// <summary>600 kWh at −10^7 are six billion, which is not beyond the bound; the seventh difference is, and what comes then is not applied.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reading_above_the_bound_is_an_exception_and_the_next_one_after_a_refund_has_its_energy(bool packs)
    {
        var grid = Opened(packs, "-10000000");
        for (var hour = 1; hour <= 9; hour++)
        {
            grid[0].Append(Start, At(hour, hour * 100_000));
        }

        grid.Settle();
        Assert.Equal("7000000000.000000000", grid.Account(1).Balance.ToString());
        var held = grid[0].Exceptions.Where(e => e.Key.Outcome == VeeOutcome.AccountLimit).ToList();
        Assert.Equal(2, held.Count);

        // The day has closed: what was credited is in the ledger, and can be paid out.
        grid[0].Append(new Domain.Commands.Check(Start + (100 * Instants.MsPerHour), [1]), Start + (100 * Instants.MsPerHour));
        grid.Settle();
        Assert.Null(grid.Execute(0, new RefundCredit(1, Given.Amount("1000000000"), "paid out", DecidedBy: "a", ApprovedBy: "b"), Start).Refusal);
        grid[0].Append(Start, At(101, 800_000));
        grid.Settle();
        Assert.Equal((800_000, "7000000000.000000000"), (grid.Account(1).Meters[0].Charged.Wh, grid.Account(1).Balance.ToString()));
    }

    /// <summary>A prepaid customer below zero whom a price below zero lifts above it is not below zero any more, packed or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_balance_that_a_price_lifts_above_zero_ends_what_began_below_it(bool packs)
    {
        var grid = new FoldHarness(1, packs, Spot)
            .With(5, Packs.Get("cn-residential", d => d with { Prepaid = d.Prepaid with { EmergencyCredit = "0" } }));
        grid.Execute(0, Given.Open(1), Start);
        grid.Execute(0, Given.Meter(7, 1, "2026-01-01T00:00:00+08:00"), Start);
        grid.Execute(0, new SetCustomer(1, 5, CustomerClass.Residential, CustomerTraits.None, "form 7"), Start);
        grid[0].Append(Start, At(8, 0), At(9, 1_000), At(10, 1_100));
        grid.Settle();
        Assert.NotEqual(0, grid.Account(1).Customer!.NegativeSinceMs);
        grid[0].Append(Start, At(22, 1_100), At(23, 20_000), At(24, 20_100));
        grid.Settle();
        Assert.True(grid.Account(1).Balance > Money.Zero);
        Assert.Equal(0, grid.Account(1).Customer!.NegativeSinceMs);
    }

    private static FoldHarness Opened(bool packs, string price)
    {
        var grid = new FoldHarness(1, packs, Given.Flat(price));
        grid.Execute(0, Given.Open(1), Start);
        grid.Execute(0, Given.Meter(7, 1, "2026-01-01T00:00:00+08:00"), Start);
        return grid;
    }

    private static Reading At(int hour, long wh) => new(7, RegisterKind.Import, Start + (hour * Instants.MsPerHour), wh, ReadingQuality.None, 0);

    private static string Text(long microPerKwh) => new Money(microPerKwh * 1_000).ToString();
}
