using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>A contracted capacity from a past day has the rules of every correction: two people, the pack's limit, and no cut for paid days.</summary>
public sealed class CapacityCorrectionTests
{
    /// <summary>
    /// Ten days of April and 85 kVA more are 906.67, ten days and 50 kVA more 533.33: together more than the 1,000 that one person may move. What two people
    /// agree on counts for nobody, and a day to come moves nothing.
    /// </summary>
    [Fact]
    public void Above_what_one_person_may_move_a_second_agrees()
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity());
        grid.Execute(0, TwoPart.Open("2026-04-01", 315));
        TwoPart.Check(grid, "2026-04-30T12:00+08:00");
        string? Told(long units, string from, string by, string? agreed) => grid.Execute(
            0, new SetContractedCapacity(1, units * 1_000, Given.Day(from), "more", by, agreed), Given.At("2026-04-30T13:00+08:00")).Refusal?.Code.Text;
        Assert.Null(Told(400, "2026-04-21", "a", null));
        Assert.Equal("906.666666667", grid.Account(1).Unapproved.Amount.ToString());
        Assert.Equal("approval.needed", Told(450, "2026-04-21", "a", null));
        Assert.Equal("approval.needed", Told(450, "2026-04-21", "a", "a"));
        Assert.Equal("approval.needed", Told(200, "2026-04-01", "a", null));
        Assert.Null(Told(9_000, "2026-05-01", "a", null));
        Assert.Null(Told(450, "2026-04-21", "a", "b"));
        Assert.Equal("906.666666667", grid.Account(1).Unapproved.Amount.ToString());
        var told = grid[0].Events.Select(e => e.Event).OfType<ContractedCapacitySet>().ToList();
        Assert.Equal([(-906_666_666_667, false), (null, false), (-533_333_333_333, true)], told.Select(e => (e.Corrected?.Nano, e.Approved)));
        Assert.Equal("11520.000000000", TwoPart.First(grid));
    }

    /// <summary>A pack that allows one month back: on 10 March no day before 10 February becomes dearer, and every day may become cheaper.</summary>
    [Theory]
    [InlineData("2026-01-10", 500, "tariff.back_billing")]
    [InlineData("2026-02-09", 500, "tariff.back_billing")]
    [InlineData("2026-02-10", 500, null)]
    [InlineData("2026-01-10", 200, null)]
    public void Days_behind_the_packs_limit_never_become_dearer(string from, long units, string? code)
    {
        var grid = Customer("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential", d => d with { BackBillingMonths = 1 }), null);
        TwoPart.Check(grid, "2026-03-10T12:00+08:00");
        var refusal = Set(grid, units, from, "2026-03-10T12:00+08:00").Refusal;
        Assert.Equal(code, refusal?.Code.Text);
        Assert.True(code is null || refusal!.Detail.Contains("2026-02-10", StringComparison.Ordinal), refusal?.Detail);
    }

    /// <summary>Six days of March have taken 6 × 315 × 32 / 31 of 2,000. Twice the capacity takes as much again, of which what is below zero is debt.</summary>
    [Fact]
    public void A_prepaid_customer_is_not_cut_for_what_is_corrected()
    {
        var grid = Customer("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), "form 7 of this day");
        grid.Execute(0, Given.Pay(1, "2000"), Given.At("2026-03-02T00:00+08:00"));
        TwoPart.Check(grid, "2026-03-07T12:00+08:00");
        Assert.Equal("49.032258065", grid.Account(1).Balance.ToString());
        Assert.Null(Set(grid, 630, "2026-03-02", "2026-03-07T12:00+08:00").Refusal);
        var account = grid.Account(1);
        Assert.Equal(("0.000000000", "1901.935483871"), (account.Balance.ToString(), account.Customer!.Debt.Left.ToString()));
        Assert.Contains(account.Customer.Cases, c => c.Kind == CaseKind.DebtTerms);
        Assert.Equal(Relay.On, account.Customer.Supply.Relay);
        Assert.Equal(account.LedgerBalance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
    }

    private static CommandOutcome Set(FoldHarness grid, long units, string from, string at) =>
        grid.Execute(0, new SetContractedCapacity(1, units * 1_000, Given.Day(from), "wrong", "ann", "bob"), Given.At(at));

    private static FoldHarness Customer(string day, PaymentMode mode, Policy policy, string? consent)
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity()).With(5, policy);
        var atMs = Given.At(day + "T00:00+08:00");
        Assert.Null(grid.Execute(0, TwoPart.Open(day, 315) with { Mode = mode }, atMs).Refusal);
        Assert.Null(grid.Execute(0, new SetCustomer(1, 5, CustomerClass.Residential, CustomerTraits.None, consent), atMs).Refusal);
        return grid;
    }
}
