using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Accounts;

/// <summary>A household that was registered wrongly is put right from a day on, and what was charged since is corrected.</summary>
public sealed class HouseholdTests
{
    private static readonly TariffDefinition Tiered = Given.Flat() with
    {
        Tiers = new TierDefinition
        {
            Steps = [new TierStep(40_000, "0.10")],
            HouseholdBase = 4,
            ExtraWhPerPerson = 10_000,
            ProtectedFreeWh = 15_000,
            FreePricePerKwh = "0.50"
        },
    };

    private readonly FoldHarness _grid = new(1, Tiered);

    /// <summary>January 100 kWh: 50 and 6 for 60 kWh above 40; February, not closed, 50 kWh: 25 and 1.</summary>
    public HouseholdTests()
    {
        _grid.Execute(0, Given.Open(1), Given.At("2026-01-01T00:00+08:00"));
        _grid.Execute(0, Given.Meter(7, 1, "2026-01-01T00:00+08:00"), Given.At("2026-01-01T00:00+08:00"));
        _grid[0].Append(Given.At("2026-01-21T00:00+08:00"), Given.Reading(7, "2026-01-20T12:00+08:00", 100_000));
        _grid[0].Append(Given.At("2026-02-19T00:00+08:00"), Given.Reading(7, "2026-02-01T00:00+08:00", 100_000),
            Given.Reading(7, "2026-02-18T12:00+08:00", 150_000));
        _grid[0].Append(new Check(Now - Instants.MsPerDay, [1]), Now - Instants.MsPerDay);
        _grid.Settle();
        Assert.Equal("-82.000000000", _grid.Account(1).Balance.ToString());
    }

    private static long Now => Given.At("2026-02-20T09:00+08:00");

    [Theory]
    [InlineData(0, true, "2026-01-15", "-67.000000000")]
    [InlineData(0, true, "2026-02-10", "-74.500000000")]
    [InlineData(6, false, "2026-01-01", "-79.000000000")]
    [InlineData(6, true, "2026-02-20", "-73.500000000")]
    public void It_holds_from_the_month_of_its_day_and_the_ledger_follows(byte size, bool isProtected, string from, string balance)
    {
        Assert.True(_grid.Execute(0, new ChangeHousehold(1, size, isProtected, Given.Day(from), "registered wrongly"), Now).Accepted);
        var account = _grid.Account(1);
        Assert.Equal(balance, account.Balance.ToString());
        Assert.Equal(new Household(size, isProtected), account.Household);
        Assert.Equal(account.LedgerBalance, _grid[0].Entries.Aggregate(Money.Zero, (sum, e) => sum + e.Amount));

        // And a month later, with all of it closed, the books agree.
        _grid[0].Append(new Check(Given.At("2026-03-20T00:00+08:00"), [1]), Given.At("2026-03-20T00:00+08:00"));
        _grid.Settle();
        account = _grid.Account(1);
        Assert.Equal((balance, balance), (account.Balance.ToString(), account.LedgerBalance.ToString()));
        Assert.Equal(account.LedgerBalance, _grid[0].Entries.Aggregate(Money.Zero, (sum, e) => sum + e.Amount));
    }

    [Fact]
    public void A_second_change_puts_the_first_right_and_leaves_what_was_before_it()
    {
        Assert.True(_grid.Execute(0, new ChangeHousehold(1, 0, true, Given.Day("2026-02-01"), "wrong"), Now).Accepted);
        Assert.True(_grid.Execute(0, new ChangeHousehold(1, 0, false, Given.Day("2026-02-05"), "taken back"), Now).Accepted);
        Assert.Equal("-82.000000000", _grid.Account(1).Balance.ToString());
        Assert.True(_grid.Execute(0, new ChangeHousehold(1, 0, true, Given.Day("2026-01-01"), "from the beginning"), Now).Accepted);
        Assert.Equal("-67.000000000", _grid.Account(1).Balance.ToString());
        Assert.Empty(_grid.Account(1).FormerHouseholds);
    }

    [Fact]
    public void What_came_before_is_stored_with_the_account()
    {
        _grid.Execute(0, new ChangeHousehold(1, 3, true, Given.Day("2026-02-01"), "wrong"), Now);
        var bytes = StateCodec.Encode(_grid.Account(1));
        var read = StateCodec.DecodeAccount(bytes, _grid.Tariff);
        Assert.Equal(bytes, StateCodec.Encode(read));
        Assert.Equal((default(Household), new Household(3, true)), (read.HouseholdOf(Given.Day("2026-01-31")), read.HouseholdOf(Given.Day("2026-02-01"))));
    }

    [Theory]
    [InlineData(0, "2026-02-21", "household.in_future")]
    [InlineData(0, "2025-12-31", "household.too_early")]
    [InlineData(101, "2026-02-01", "account.household_invalid")]
    public void What_cannot_be_is_refused(byte size, string from, string code) =>
        Assert.Equal(code, _grid.Execute(0, new ChangeHousehold(1, size, false, Given.Day(from), "x"), Now).Refusal?.Code);
}
