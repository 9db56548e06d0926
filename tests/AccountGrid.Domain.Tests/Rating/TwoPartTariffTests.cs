using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>What a two-part tariff may say, and what it cannot be combined with.</summary>
public sealed class TwoPartTariffTests
{
    private static readonly CapacityDefinition Capacity = new() { PricePerMonth = "32" };

    private static readonly DemandDefinition Demand = TwoPart.ByDemand().Demand!;

    private static readonly PowerFactorDefinition Factor = TwoPart.Published(90, "energy");

    public static TheoryData<string, TariffDefinition> Wrong => new()
    {
        { "demand: 'with capacity'", Given.Flat() with { Capacity = Capacity, Demand = Demand } },
        { "capacity: 'with tiers per year'", Given.Flat() with { Capacity = Capacity, Tiers = Given.Tiers("year") } },
        { "powerFactor: 'with tiers'", Given.Flat() with { PowerFactor = Factor, Tiers = Given.Tiers() } },
        { "powerFactor: 'with export.netMetering'", Given.Flat() with { PowerFactor = Factor, Export = Given.Net("total", 12) } },
        { "effectiveFrom: '2026-05-02'", Given.Flat() with { Capacity = Capacity, EffectiveFrom = new DateOnly(2026, 5, 2) } },
        { "capacity.pricePerMonth: '-1'", Given.Flat() with { Capacity = Capacity with { PricePerMonth = "-1" } } },
        { "capacity.pricePerMonth: '1000001'", Given.Flat() with { Capacity = Capacity with { PricePerMonth = "1000001" } } },
        { "capacity.unit: 'MW'", Given.Flat() with { Capacity = Capacity with { Unit = "MW" } } },
        { "capacity.partOfMonth: 'halves'", Given.Flat() with { Capacity = Capacity with { PartOfMonth = "halves" } } },
        { "demand.pricePerMonth: '0.0000001'", Given.Flat() with { Demand = Demand with { PricePerMonth = "0.0000001" } } },
        { "demand.intervalMinutes: '10'", Given.Flat() with { Demand = Demand with { IntervalMinutes = 10 } } },
        { "demand.minimumPercent: '101'", Given.Flat() with { Demand = Demand with { MinimumPercent = 101 } } },
        { "demand.surchargeAbovePercent: '99'", Given.Flat() with { Demand = Demand with { SurchargeAbovePercent = 99 } } },
        { "demand.surchargeFactor: '0.99'", Given.Flat() with { Demand = Demand with { SurchargeFactor = "0.99" } } },
        { "demand.surchargeFactor: '2'", Given.Flat() with { Demand = Demand with { SurchargeAbovePercent = null } } },
        { "powerFactor.on: ''", Given.Flat() with { PowerFactor = Factor with { On = [] } } },
        { "powerFactor.on: 'levies'", Given.Flat() with { PowerFactor = Factor with { On = ["levies"] } } },
        { "powerFactor.on: 'capacity'", Given.Flat() with { PowerFactor = Factor with { On = ["capacity"] } } },
        { "powerFactor.steps: '0'", Given.Flat() with { PowerFactor = Factor with { Steps = [] } } },
        { "powerFactor.steps[0].from: '0.905'", Given.Flat() with { PowerFactor = Factor with { Steps = [new("0.905", 0)] } } },
        { "powerFactor.steps[0].basisPoints: '20001'", Given.Flat() with { PowerFactor = Factor with { Steps = [new("0.00", 20_001)] } } },
        { "powerFactor.steps.from: '0.90,0.10'", Given.Flat() with { PowerFactor = Factor with { Steps = [new("0.90", 0), new("0.10", 0)] } } },
        {
            "powerFactor.steps.from: '0.90,0.9,0.00'",
            Given.Flat() with { PowerFactor = Factor with { Steps = [new("0.90", 0), new("0.9", 0), new("0.00", 1)] } }
        },
        { "powerFactor.standard: '0.89'", Given.Flat() with { PowerFactor = Factor with { Standard = "0.89" } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named(string detail, TariffDefinition tariff)
    {
        var refusal = TariffCompiler.Compile(1, tariff).Refusal;
        Assert.Equal("tariff.invalid", refusal?.Code.Text);
        Assert.StartsWith(detail + " is not ", refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void All_of_it_can_stand_together() => Assert.Null(TariffCompiler.Compile(1, Given.Tou() with
    {
        Demand = Demand,
        PowerFactor = TwoPart.Published(90, "energy", "capacity", "standing"),
        StandingPerDay = "1",
        EffectiveFrom = new DateOnly(2026, 5, 1),
        Export = Given.FeedIn("0.1"),
    }).Refusal);

    /// <summary>A Wh in a quarter of an hour can cost 4 W × 48 × 2 = 384 per kWh: a billion units are 2.6 GWh, and one more Wh is held.</summary>
    [Fact]
    public void What_a_difference_may_cost_has_its_demand()
    {
        var tariff = TariffCompiler.Compile(1, TwoPart.ByDemand()).Tariff!;
        Assert.Equal(1_000_000_000_000_000_000 / 384_000_000, tariff.DifferenceMaxWh);
    }

    [Fact]
    public void Past_days_are_not_charged_by_it_again()
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity(), Given.Flat() with { Id = "flat" });
        grid.Execute(0, TwoPart.Open("2026-04-01", 315));
        TwoPart.Check(grid, "2026-04-10T12:00+08:00");
        var outcome = grid.Execute(0, new CorrectTariff(1, 2, Given.Day("2026-04-05"), false, "wrong", "a", "b"), Given.At("2026-04-10T12:00+08:00"));
        Assert.Equal("tariff.two_part", outcome.Refusal?.Code.Text);
    }

    /// <summary>Without such a tariff nothing more is stored, and with one the state comes back as it was.</summary>
    [Fact]
    public void Only_who_has_one_stores_it()
    {
        var plain = FoldHarness.WithMeter(Given.Flat());
        var bytes = StateCodec.Encode(plain.Account(1));
        Assert.Equal(0, bytes[1] & 32);
        var grid = new FoldHarness(1, TwoPart.ByDemand());
        grid.Execute(0, TwoPart.Open("2026-04-01", 315));
        Assert.Equal(32, StateCodec.Encode(grid.Account(1))[1] & 32);
    }
}
