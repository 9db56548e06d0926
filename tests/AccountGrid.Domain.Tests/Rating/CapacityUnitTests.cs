using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>A contract is in kVA or in kW: a charge by the other needs a new one, whether an account changes its tariff or a version of it comes.</summary>
public sealed class CapacityUnitTests
{
    private static readonly TariffDefinition Demand = TwoPart.ByDemand() with { Id = "demand" };

    [Theory]
    [InlineData(null, null)]
    [InlineData("kVA", null)]
    [InlineData("kW", "capacity.unit")]
    [InlineData("kva", "capacity.unit")]
    public void An_account_is_opened_with_a_contract_in_the_unit_of_its_tariff(string? unit, string? code)
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity());
        Assert.Equal(code, grid.Execute(0, TwoPart.Open("2026-04-01", 315) with { ContractedUnit = unit }).Refusal?.Code.Text);
        Assert.True(code is not null || grid.Account(1).Contracted is [{ Unit: CapacityUnit.Kva, Milli: 315_000 }]);
    }

    [Fact]
    public void A_change_from_capacity_to_demand_needs_a_contract_in_kW()
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity(), Demand);
        Assert.Null(grid.Execute(0, TwoPart.Open("2026-04-01", 315)).Refusal);
        var now = Given.At("2026-04-10T12:00+08:00");
        Assert.Equal("capacity.unit", grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-05-01")), now).Refusal?.Code.Text);
        Assert.Equal("capacity.unit", Set("2026-04-10", "kW"));
        Assert.Equal("capacity.unit", Set("2026-05-01", "MW"));
        Assert.Null(Set("2026-05-01", "kW"));
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-05-01")), now).Refusal);
        var account = grid.Account(1);
        Assert.Equal([CapacityUnit.Kva, CapacityUnit.Kw], account.Contracted.Select(c => c.Unit));
        var stored = StateCodec.Encode(account);
        Assert.Equal(account.Contracted, StateCodec.DecodeAccount(stored, grid.Tariff).Contracted);
        Assert.Equal("kW", grid[0].Events.Select(e => e.Event).OfType<ContractedCapacitySet>().Single().Unit);
        var told = new AuditContracts();
        grid[0].Events.ForEach(e => told.Take(e.Event));
        Assert.Empty(told.Differences(account.Contracted));
        Assert.Single(told.Differences([account.Contracted[0], account.Contracted[1] with { Unit = CapacityUnit.Kva }]));
        Assert.Single(told.Differences([account.Contracted[0]]));

        string? Set(string day, string unit) =>
            grid.Execute(0, new SetContractedCapacity(1, 300_000, Given.Day(day), "demand from May on", "a", "b", unit), now).Refusal?.Code.Text;
    }

    /// <summary>
    /// A version of the product charges by kW from May on, and the contract is in kVA: it is told with the announcement, no capacity is charged, and the
    /// exceptions end with a contract in kW.
    /// </summary>
    [Fact]
    public void A_version_in_another_unit_is_told_when_it_is_announced_and_charges_nothing()
    {
        var grid = FoldHarness.WithProduct(true, TwoPart.ByCapacity());
        Assert.Null(grid.Execute(0, TwoPart.Open("2026-04-01", 310) with { Follows = true }).Refusal);
        grid.Execute(0, Given.Meter(7, 1, "2026-04-01T00:00+08:00"));
        var now = Given.At("2026-04-10T12:00+08:00");
        var version = grid.Announce(TwoPart.ByDemand() with { Version = 2, EffectiveFrom = new(2026, 5, 1) }, now);
        Assert.Null(grid.Execute(0, new NotifyPrice(1, version), now).Refusal);
        var told = Assert.Single(grid[0].Exceptions, e => e.Value.Open);
        Assert.Equal((VeeOutcome.CapacityMissing, Given.At("2026-05-01T00:00+08:00")), (told.Key.Outcome, told.Key.TimeMs));
        Assert.Contains("kVA", told.Value.Detail, StringComparison.Ordinal);
        grid[0].Append(0, Given.Reading(7, "2026-05-05T00:00+08:00", 1_000));
        TwoPart.Check(grid, "2026-05-08T12:00+08:00");
        Assert.Equal("9920.000000000", grid.Account(1).Charged.ToString());
        Assert.Single(grid[0].Exceptions, e => e.Value.Open && e.Key.Outcome == VeeOutcome.CapacityMissing);
        Assert.Null(grid.Execute(0, new SetContractedCapacity(1, 310_000, Given.Day("2026-05-01"), "in kW", "a", "b", "kW"), Given.At("2026-05-08T13:00+08:00"))
            .Refusal);
        Assert.DoesNotContain(grid[0].Exceptions, e => e.Value.Open);

        // 40 % of 310 kW × 48 × 8 days of 31.
        Assert.Equal("11456.000000000", grid.Account(1).Charged.ToString());
    }

    /// <summary>A demand charge that is announced after a contract for the middle of a month was agreed on.</summary>
    [Fact]
    public void A_contract_within_a_month_of_a_demand_charge_to_come_is_told()
    {
        var grid = FoldHarness.WithProduct(true, Given.Flat());
        Assert.Null(grid.Execute(0, Given.Open(1, "2026-04-01") with { Follows = true }).Refusal);
        grid.Execute(0, Given.Meter(7, 1, "2026-04-01T00:00+08:00"));
        var now = Given.At("2026-04-10T12:00+08:00");
        foreach (var day in new[] { "2026-04-11", "2026-05-15" })
        {
            Assert.Null(grid.Execute(0, new SetContractedCapacity(1, 300_000, Given.Day(day), "x", "a", "b", "kW"), now).Refusal);
        }

        var version = grid.Announce(TwoPart.ByDemand() with { Version = 2, EffectiveFrom = new(2026, 5, 1) }, now);
        Assert.Null(grid.Execute(0, new NotifyPrice(1, version), now).Refusal);
        Assert.Contains("2026-05-15", Assert.Single(grid[0].Exceptions, e => e.Value.Open).Value.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_price_notice_has_a_line_for_each_changed_charge()
    {
        var (capacity, demand) = (TwoPart.ByCapacity("32"), TwoPart.ByDemand());
        Assert.Equal(["rate flat 0 0"], Lines(capacity, capacity with { Version = 2 }));
        Assert.Equal(["rate flat 0 0", "capacity kVA 32 33.5"], Lines(capacity, TwoPart.ByCapacity("33.5")));
        Assert.Equal(["rate flat 0 0", "capacity kW  32", "capacity kVA 32 "],
            Lines(capacity, capacity with { Capacity = capacity.Capacity! with { Unit = "kW" } }));
        Assert.Equal(["rate flat 0 0", "other   "], Lines(capacity, TwoPart.ByCapacity("32", "thirtieths")));
        Assert.Equal(["rate flat 0 0", "demand kW 48 50", "demand-terms minimum 40 45", "demand-terms surcharge-above 105 110"], Lines(demand, demand with
        {
            Demand = demand.Demand! with { PricePerMonth = "50", MinimumPercent = 45, SurchargeAbovePercent = 110 },
        }));
        Assert.Equal(["rate flat 0 0", "capacity kVA 32 ", "demand kW  48", "demand-terms minimum  40", "demand-terms surcharge-above  105",
            "demand-terms surcharge-factor  2", "other   "], Lines(capacity, demand));
    }

    private static IEnumerable<string> Lines(TariffDefinition old, TariffDefinition now) =>
        PriceLines.Of(old, now).Select(l => $"{l.Kind} {l.Name} {l.Old} {l.New}");
}
