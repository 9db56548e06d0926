using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

public sealed class TariffCompilerTests
{
    public static TheoryData<string, TariffDefinition> Wrong() => new()
    {
        { "id", Given.Flat() with { Id = "" } },
        { "version", Given.Flat() with { Version = 0 } },
        { "currency", Given.Flat() with { Currency = "yuan" } },
        { "currency", Given.Flat() with { Currency = "ABC" } },
        { "currency", Given.Flat() with { Currency = "cny" } },
        { "currency", Given.Flat() with { Currency = "XAU" } },
        { "id", Given.Flat() with { Id = "a/b" } },
        { "id", Given.Flat() with { Id = ".." } },
        { "zone", Given.Flat() with { Zone = "Mars/Olympus" } },
        { "such as Asia/Shanghai", Given.Flat() with { Zone = "asia/shanghai" } },
        { "such as Europe/London", Given.Flat() with { Zone = "Europe/LONDON" } },
        { "zone", Given.Flat() with { Zone = "right/Asia/Shanghai" } },
        { "zone", Given.Flat() with { Zone = "localtime" } },
        { "zone", Given.Flat() with { Zone = "Asia//Shanghai" } },
        { "rates.name", Given.Tariff("UTC", (new string('a', 33), "1")) },
        { "pricePerKwh", Given.Flat("10000000.000001") },
        { "levyPerKwh", Given.Flat() with { LevyPerKwh = "10000001" } },
        { "standingPerDay", Given.Flat() with { StandingPerDay = "10000000.01" } },
        { "tiers.steps[0].aboveWh", Given.Flat() with { Tiers = new TierDefinition { Steps = [new TierStep(long.MaxValue, "1")] } } },
        { "tiers.householdBase", Given.Flat() with { Tiers = Given.Tiers() with { HouseholdBase = 101 } } },
        { "tiers.extraWhPerPerson", Given.Flat() with { Tiers = Given.Tiers() with { ExtraWhPerPerson = long.MaxValue } } },
        { "tiers.protectedFreeWh", Given.Flat() with { Tiers = Given.Tiers() with { ProtectedFreeWh = long.MaxValue } } },
        { "rates", Given.Flat() with { Rates = [] } },
        { "rates.name", Given.Tariff("UTC", ("a", "1"), ("a", "2")) },
        { "pricePerKwh", Given.Flat("-10000000.000001") },
        { "levyPerKwh", Given.Flat() with { LevyPerKwh = "-0.5" } },
        { "pricePerKwh", Given.Flat("0.0000001") },
        { "pricePerKwh", Given.Flat("1e3") },
        { "levyPerKwh", Given.Flat() with { LevyPerKwh = "x" } },
        { "standingPerDay", Given.Flat() with { StandingPerDay = "-1" } },
        { "taxBasisPoints", Given.Flat() with { TaxBasisPoints = 10_001 } },
        { "schedule[0].rate", Given.Flat() with { Schedule = [new RateRule { Rate = "none" }] } },
        { "schedule[0].from", Given.Flat() with { Schedule = [new RateRule { Rate = "flat", From = "07:10" }] } },
        { "schedule[0].to", Given.Flat() with { Schedule = [new RateRule { Rate = "flat", To = "25:00" }] } },
        { "schedule[0].from", Given.Flat() with { Schedule = [new RateRule { Rate = "flat", From = "24:00", To = "07:00" }] } },
        { "schedule[0].to: '08:00'", Given.Flat() with { Schedule = [new RateRule { Rate = "flat", From = "08:00", To = "08:00" }] } },
        { "schedule[1]", Hours(("peak", "08:00", "12:00"), ("valley", "11:00", "14:00")) },
        { "schedule[1]", Hours(("peak", "22:00", "07:00"), ("valley", "06:45", "08:00")) },
        { "schedule[1]", Hours(("peak", "08:00", "12:00"), ("peak", "08:00", "12:00")) },
        { "schedule[2]", Hours(("peak", "08:00", "12:00"), ("valley", "12:00", "14:00"), ("flat", "13:45", "14:00")) },
        { "schedule[1]",
            HoursOf(new RateRule { Rate = "peak", From = "17:00", To = "21:00" },
                new RateRule { Rate = "valley", From = "18:00", To = "20:00", SeasonFrom = "12-01", SeasonTo = "01-31" }) },
        { "schedule[1]", HoursOf(new RateRule { Rate = "peak" }, new RateRule { Rate = "valley", From = "18:00", To = "20:00", Days = ["holiday"] }) },
        { "schedule[0].season", Given.Flat() with { Schedule = [new RateRule { Rate = "flat", SeasonFrom = "02-30", SeasonTo = "03-01" }] } },
        { "schedule[0].days", Given.Flat() with { Schedule = [new RateRule { Rate = "flat", Days = ["sunday"] }] } },
        { "tiers.per", Given.Flat() with { Tiers = Given.Tiers("week") } },
        { "tiers.steps[1].aboveWh", Given.Flat() with { Tiers = new TierDefinition { Steps = [new TierStep(5, "1"), new TierStep(5, "2")] } } },
        { "tiers.steps[0].adderPerKwh", Given.Flat() with { Tiers = new TierDefinition { Steps = [new TierStep(5, "-1")] } } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_wrong_field_is_named_with_its_value(string field, TariffDefinition definition)
    {
        var (tariff, refusal) = TariffCompiler.Compile(1, definition);
        Assert.Null(tariff);
        Assert.Equal("tariff.invalid", refusal!.Code);
        Assert.Contains(field, refusal.Detail, StringComparison.Ordinal);
    }

    /// <summary>The first rule that fits decides, so what is for some days or a season comes before what is for all.</summary>
    [Fact]
    public void Rules_for_some_days_may_overlap_general_ones_behind_them()
    {
        Assert.NotNull(TariffCompiler.Compile(1, Hours(("peak", "08:00", "12:00"), ("valley", "12:00", "14:00"), ("flat", "22:00", "08:00"))).Tariff);
        Assert.NotNull(TariffCompiler.Compile(1, HoursOf(
            new RateRule { Rate = "valley", Days = ["holiday"] },
            new RateRule { Rate = "flat", From = "18:00", To = "20:00", SeasonFrom = "12-01", SeasonTo = "01-31" },
            new RateRule { Rate = "peak", From = "17:00", To = "21:00" },
            new RateRule { Rate = "valley", From = "16:00", To = "19:00", Days = ["weekend", "holiday"] })).Tariff);
    }

    private static TariffDefinition Hours(params (string Rate, string From, string To)[] rules) =>
        HoursOf([.. rules.Select(r => new RateRule { Rate = r.Rate, From = r.From, To = r.To })]);

    private static TariffDefinition HoursOf(params RateRule[] rules) =>
        Given.Tariff("Asia/Shanghai", ("flat", "0.5"), ("peak", "0.8"), ("valley", "0.2")) with { Schedule = rules };

    [Theory]
    [InlineData("KRW", "120.5", "Asia/Seoul")]
    [InlineData("IDR", "1444.70", "Asia/Jakarta")]
    [InlineData("VND", "1984", "Asia/Ho_Chi_Minh")]
    [InlineData("NGN", "209.5", "Africa/Lagos")]
    [InlineData("UGX", "796.4", "Africa/Kampala")]
    [InlineData("LBP", "10000000", "Asia/Beirut")]
    [InlineData("KWD", "0.002", "Asia/Kuwait")]
    public void Real_prices_of_every_country_can_be_registered_and_are_charged_to_the_last_decimal(string currency, string price, string zone)
    {
        var (tariff, refusal) = TariffCompiler.Compile(1, Given.Flat(price, zone) with { Currency = currency });
        Assert.Null(refusal);
        Assert.True(Money.TryParse(price, out var perKwh));
        Assert.Equal(perKwh.Nano * 900 / 1_000, (tariff!.PriceOf(0) * new Energy(900)).Nano);
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("PRC")]
    [InlineData("Etc/GMT+8")]
    [InlineData("America/Argentina/Buenos_Aires")]
    public void A_zone_is_known_as_the_zone_database_spells_it(string zone) => Assert.NotNull(LocalCalendar.Find(zone));

    [Theory]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/St_Johns")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Europe/London")]
    [InlineData("America/Sao_Paulo")]
    public void Days_of_every_zone_follow_each_other_without_a_gap(string zone)
    {
        var (tariff, _) = TariffCompiler.Compile(1, Given.Flat(zone: zone));
        for (var day = Given.Day("2018-01-01"); day < Given.Day("2019-12-31"); day++)
        {
            var plan = tariff!.PlanOf(day);
            Assert.Equal(tariff.PlanOf(day + 1).StartMs, plan.EndMs);
            Assert.Same(plan, tariff.PlanAt(plan.StartMs));
            Assert.Same(plan, tariff.PlanAt(plan.EndMs - 1));
            Assert.Equal(day, tariff.Calendar.DayOf(plan.StartMs));
        }
    }
}
