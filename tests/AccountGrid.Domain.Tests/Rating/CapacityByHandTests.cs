using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>The capacity charge worked out by hand: 32 per kVA and month.</summary>
public sealed class CapacityByHandTests
{
    /// <summary>315 × 32 = 10,080, however long the month is.</summary>
    [Theory]
    [InlineData("2026-02-01", "2026-02-28T12:00+08:00", "calendar")]
    [InlineData("2026-03-01", "2026-03-31T12:00+08:00", "calendar")]
    [InlineData("2026-04-01", "2026-04-30T12:00+08:00", "calendar")]
    [InlineData("2026-02-01", "2026-02-28T12:00+08:00", "thirtieths")]
    [InlineData("2026-03-01", "2026-03-31T12:00+08:00", "thirtieths")]
    public void A_whole_month_costs_a_month(string first, string last, string part) => Assert.Equal("10080.000000000", Charge(first, last, part));

    /// <summary>
    /// Ten days of February: 10,080 × 10 / 28 = 3,600, or ten thirtieths, 3,360. Thirty of March: 10,080 × 30 / 31 = 9,754.838709677..., or all of it. 27
    /// days of February are 9,720 of 28, and 9,072 of 30.
    /// </summary>
    [Theory]
    [InlineData("2026-02-19", "2026-02-28T12:00+08:00", "calendar", "3600.000000000")]
    [InlineData("2026-02-19", "2026-02-28T12:00+08:00", "thirtieths", "3360.000000000")]
    [InlineData("2026-03-02", "2026-03-31T12:00+08:00", "calendar", "9754.838709677")]
    [InlineData("2026-03-02", "2026-03-31T12:00+08:00", "thirtieths", "10080.000000000")]
    [InlineData("2026-02-01", "2026-02-27T12:00+08:00", "calendar", "9720.000000000")]
    [InlineData("2026-02-01", "2026-02-27T12:00+08:00", "thirtieths", "9072.000000000")]
    public void A_part_of_a_month_costs_its_days(string first, string last, string part, string charge) => Assert.Equal(charge, Charge(first, last, part));

    /// <summary>
    /// Ten days of April with 315 kVA and twenty with 500: 32 × (3,150 + 10,000) / 30 = 14,026.666...; said before, in between or after, all the same.
    /// </summary>
    [Theory]
    [InlineData("2026-04-01T10:00+08:00")]
    [InlineData("2026-04-11T10:00+08:00")]
    [InlineData("2026-04-20T10:00+08:00")]
    [InlineData("2026-05-04T10:00+08:00")]
    public void A_change_holds_from_its_day_on(string told)
    {
        var grid = Open("2026-04-01");
        TwoPart.Check(grid, told);
        var before = grid[0].Entries.Count;
        Assert.Null(grid.Execute(0, new SetContractedCapacity(1, 500_000, Given.Day("2026-04-11"), "second transformer", "a", "b"), Given.At(told)).Refusal);
        var isLate = Given.At(told) > Given.At("2026-04-11T00:00+08:00");
        Assert.Equal(isLate, grid[0].Entries.Skip(before).Any(e => e is { Kind: EntryKind.Correction, Reference: "second transformer" }));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal("14026.666666667", TwoPart.First(grid));
        Assert.Equal(grid.Account(1).Balance, grid.Account(1).LedgerBalance);
        Assert.Equal(grid.Account(1).Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
    }

    /// <summary>A fact between two others takes the place of the first up to the second: 10 days of 315, 10 of 400, 10 of 500, × 32 / 30.</summary>
    [Fact]
    public void A_late_fact_holds_up_to_the_next()
    {
        var grid = Open("2026-04-01");
        TwoPart.Check(grid, "2026-04-25T10:00+08:00");
        grid.Execute(0, new SetContractedCapacity(1, 500_000, Given.Day("2026-04-21"), "b", "a", "b"), Given.At("2026-04-25T10:00+08:00"));
        grid.Execute(0, new SetContractedCapacity(1, 400_000, Given.Day("2026-04-11"), "a", "a", "b"), Given.At("2026-04-25T10:00+08:00"));
        TwoPart.Check(grid, "2026-04-30T12:00+08:00");
        Assert.Equal("12960.000000000", TwoPart.First(grid));
    }

    /// <summary>The account ends on 10 April; it is recorded on the 20th, when twenty days are taken: ten are given back. 10,080 × 10 / 30.</summary>
    [Fact]
    public void The_last_day_ends_it()
    {
        var grid = Open("2026-04-01");
        TwoPart.Check(grid, "2026-04-20T12:00+08:00");
        Assert.Equal("6720.000000000", TwoPart.First(grid));
        Assert.Null(grid.Execute(0, new CloseAccount(1, Given.Day("2026-04-10"), "moved"), Given.At("2026-04-20T13:00+08:00")).Refusal);
        Assert.Equal("3360.000000000", TwoPart.First(grid));
        Assert.Equal("-3360.000000000", grid.Account(1).LedgerBalance.ToString());
    }

    /// <summary>10,080 and a standing charge of 30 × 2 are taxed together: 10,140 × 1.13.</summary>
    [Fact]
    public void It_is_taxed_as_a_standing_charge()
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity() with { StandingPerDay = "2", TaxBasisPoints = 1_300 });
        grid.Execute(0, TwoPart.Open("2026-04-01", 315));
        TwoPart.Check(grid, "2026-04-30T12:00+08:00");
        Assert.Equal("11458.200000000", TwoPart.First(grid));
    }

    [Fact]
    public void Who_has_no_contract_cannot_be_on_such_a_tariff()
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity(), Given.Flat());
        Assert.Equal("capacity.missing", grid.Execute(0, TwoPart.Open("2026-04-01", 0)).Refusal?.Code.Text);
        Assert.Null(grid.Execute(0, Given.Open(1, "2026-04-01", 2)).Refusal);
        Assert.Equal("capacity.missing", grid.Execute(0, new ChangeTariff(1, 1, Given.Day("2026-05-01"))).Refusal?.Code.Text);
        Assert.Equal("tariff.two_part", grid.Execute(0, new ChangeTariff(1, 1, Given.Day("2026-05-02"))).Refusal?.Code.Text);
        Assert.Null(grid.Execute(0, new SetContractedCapacity(1, 100_000, Given.Day("2026-05-01"), "contract"), Given.At("2026-04-05T00:00+08:00")).Refusal);
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 1, Given.Day("2026-05-01"))).Refusal);
    }

    [Theory]
    [InlineData(0, "2026-05-01", "capacity.invalid")]
    [InlineData(1_000_000_001, "2026-05-01", "capacity.invalid")]
    [InlineData(100_000, "2026-03-31", "capacity.day")]
    [InlineData(100_000, "2027-05-03", "capacity.day")]
    [InlineData(100_000, "2026-05-01", null)]
    public void A_capacity_is_refused_by_name(long milli, string day, string? code)
    {
        var grid = Open("2026-04-01");
        Assert.Equal(code, grid.Execute(0, new SetContractedCapacity(1, milli, Given.Day(day), "x"), Given.At("2026-05-01T00:00+08:00")).Refusal?.Code.Text);
    }

    /// <summary>A version of the product brings the charge: each month without a contract has one exception, until a contract is set for it.</summary>
    [Fact]
    public void A_month_without_a_contract_is_an_exception()
    {
        var grid = FoldHarness.WithProduct(true, Given.Flat("0"), TwoPart.ByCapacity() with { Version = 2, EffectiveFrom = new(2026, 5, 1) });
        Assert.Null(grid.Execute(0, Given.Open(1, "2026-04-01") with { Follows = true }).Refusal);
        grid.Execute(0, Given.Meter(7, 1, "2026-04-01T00:00+08:00"));
        grid[0].Append(0, Given.Reading(7, "2026-05-01T00:00+08:00", 1_000));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.DoesNotContain(grid[0].Exceptions, e => e.Key.Outcome == VeeOutcome.CapacityMissing);
        grid[0].Append(0, Given.Reading(7, "2026-06-05T00:00+08:00", 2_000));
        TwoPart.Check(grid, "2026-06-09T12:00+08:00");
        Assert.Equal(["2026-05-01", "2026-06-01"], Missing());
        Assert.Equal("0.000000000", grid.Account(1).Charged.ToString());
        Assert.Null(grid.Execute(0, new SetContractedCapacity(1, 315_000, Given.Day("2026-06-01"), "first", "a", "b"),
            Given.At("2026-06-09T13:00+08:00")).Refusal);
        Assert.Equal(["2026-05-01"], Missing());

        IEnumerable<string> Missing() => grid[0].Exceptions.Where(e => e.Value.Open && e.Key.Outcome == VeeOutcome.CapacityMissing)
            .Select(e => Instants.DayToText(grid.Account(1).Calendar.DayOf(e.Key.TimeMs))).Order();
    }

    private static FoldHarness Open(string day, string part = "calendar")
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity(part: part));
        Assert.Null(grid.Execute(0, TwoPart.Open(day, 315)).Refusal);
        return grid;
    }

    private static string Charge(string first, string last, string part)
    {
        var grid = Open(first, part);
        TwoPart.Check(grid, last);
        return TwoPart.First(grid);
    }
}
