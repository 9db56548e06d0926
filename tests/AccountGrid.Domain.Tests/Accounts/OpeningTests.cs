using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Accounts;

/// <summary>What an account is opened with: a tariff version that is in force, levels that can be counted, meters from its first day on.</summary>
public sealed class OpeningTests
{
    private static readonly TariffDefinition NextYear = Given.Flat("5") with { Version = 2, EffectiveFrom = new DateOnly(2027, 1, 1) };

    [Theory]
    [InlineData("2026-12-31", "tariff.not_effective")]
    [InlineData("2027-01-01", null)]
    public void No_account_is_opened_on_a_version_before_its_first_day(string day, string? code)
    {
        var grid = new FoldHarness(1, Given.Flat(), NextYear);
        Assert.Equal(code, grid.Execute(0, Given.Open(1, day, tariff: 2)).Refusal?.Code);
    }

    [Theory]
    [InlineData("9000000000", "account.level_invalid")]
    [InlineData("-9223372036.854775808", "account.level_invalid")]
    [InlineData("1000000000.000000001", "account.level_invalid")]
    [InlineData("1000000000", null)]
    [InlineData("-1000000000", null)]
    public void A_level_beyond_the_largest_amount_is_refused_and_its_account_can_be_opened_then(string level, string? code)
    {
        var grid = new FoldHarness(1, Given.Flat());
        Assert.Equal(code, grid.Execute(0, Given.Open(1, levels: [level])).Refusal?.Code);
        Assert.Equal(code is null ? "account.exists" : null, grid.Execute(0, Given.Open(1, levels: ["30"])).Refusal?.Code);
    }

    [Fact]
    public void The_highest_level_gives_one_notice()
    {
        var grid = new FoldHarness(1, Given.Flat());
        grid.Execute(0, Given.Open(1, levels: ["1000000000"]));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        for (var i = 1; i <= 10; i++)
        {
            grid[0].Append(0, Given.Reading(7, $"2026-03-01T{i:00}:00+08:00", i * 1_000));
        }

        grid.Settle();
        Assert.InRange(grid[0].Notices.Count, 0, 1);
    }

    [Theory]
    [InlineData("2026-03-19T23:59:59+08:00", "meter.before_account")]
    [InlineData("2026-03-01T00:00:00+08:00", "meter.before_account")]
    [InlineData("2026-03-20T00:00:00+08:00", null)]
    [InlineData("2026-03-25T00:00:00+08:00", null)]
    public void No_meter_is_on_an_account_before_its_first_day(string from, string? code)
    {
        var grid = new FoldHarness(1, Given.Flat());
        grid.Execute(0, Given.Open(1, "2026-03-20"));
        Assert.Equal(code, grid.Execute(0, Given.Meter(7, 1, from)).Refusal?.Code);
        Assert.Equal(code is null ? "meter.exists" : null, grid.Execute(0, Given.Meter(7, 1, "2026-03-20T00:00:00+08:00")).Refusal?.Code);
    }

    [Fact]
    public void A_meter_that_arrives_from_before_the_accounts_first_day_is_charged_to_nobody()
    {
        var grid = new FoldHarness(1, Given.Flat());
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid.Execute(0, Given.Open(2, "2026-03-20"));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00:00+08:00"));
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 2, 0, Given.At("2026-03-10T00:00:00+08:00"), 0)).Accepted);
        grid.Settle();
        grid[0].Append(0, Given.Reading(7, "2026-03-15T00:00:00+08:00", 5_000));
        grid.Settle();
        Assert.Equal((Money.Zero, Money.Zero), (grid.Account(1).Balance, grid.Account(2).Balance));
        Assert.Null(grid[0].State.PeekMeter(7)!.Account);
    }
}
