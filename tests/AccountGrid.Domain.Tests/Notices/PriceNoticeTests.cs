using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Notices;

/// <summary>Who is told of a price, in what words, and whether it is still true when it leaves.</summary>
public sealed class PriceNoticeTests
{
    private static readonly long NowMs = Given.At("2026-03-10T12:00+08:00");

    /// <summary>Version 2 of product t begins on 20 March; version 3 on 1 April.</summary>
    [Theory]
    [InlineData("on the product", 2, true)]
    [InlineData("agreed on the version before", 2, false)]
    [InlineData("agreed on this version from its day on", 2, false)]
    [InlineData("leaves the day before", 2, false)]
    [InlineData("leaves on the day", 2, false)]
    [InlineData("leaves the day after", 2, true)]
    [InlineData("comes the day before", 2, true)]
    [InlineData("comes on the day", 2, false)]
    [InlineData("comes back from an agreement before", 2, true)]
    [InlineData("comes back from an agreement on the day", 2, false)]
    [InlineData("opens the day before", 2, true)]
    [InlineData("opens on the day", 2, false)]
    [InlineData("closed", 2, false)]
    [InlineData("on the product", 3, true)]
    [InlineData("agreed on this version from its day on", 3, false)]
    [InlineData("on the product", 1, false)]
    public void Who_is_told(string what, int version, bool isTold)
    {
        var grid = Grid();
        var opened = what switch { "opens the day before" => "2026-03-19", "opens on the day" => "2026-03-20", _ => "2026-01-01" };
        var stays = !what.StartsWith("agreed on the version", StringComparison.Ordinal) && !what.Contains("agreement", StringComparison.Ordinal);
        var isElsewhere = what.StartsWith("comes", StringComparison.Ordinal) && stays;
        Ok(grid, Given.Open(1, opened, isElsewhere ? 4 : 1) with { Follows = stays });
        foreach (var change in what switch
        {
            "agreed on this version from its day on" => [new ChangeTariff(1, 2, Given.Day("2026-03-20"))],
            "leaves the day before" => [new ChangeTariff(1, 4, Given.Day("2026-03-19"))],
            "leaves on the day" => [new ChangeTariff(1, 4, Given.Day("2026-03-20"))],
            "leaves the day after" => [new ChangeTariff(1, 4, Given.Day("2026-03-21"))],
            "comes the day before" or "comes back from an agreement before" => [new ChangeTariff(1, 1, Given.Day("2026-03-19"), Follows: true)],
            "comes on the day" or "comes back from an agreement on the day" => [new ChangeTariff(1, 2, Given.Day("2026-03-20"), Follows: true)],
            "closed" => [new CloseAccount(1, Given.Day("2026-03-10"), "moved")],
            _ => Array.Empty<GridCommand>(),
        })
        {
            Ok(grid, change);
        }

        Assert.Equal(isTold, PriceNoticeRules.ReplacedBy(grid.Tariff(version), grid.Account(1), NowMs) is not null);
        var outcome = grid.Execute(0, new NotifyPrice(1, version), NowMs);
        Assert.Equal(isTold ? null : what == "closed" ? "account.closed" : "tariff.not_for_account", outcome.Refusal?.Code.Text);
        Assert.Equal(isTold ? [$"1:price-change:{version}"] : [], grid[0].Notices.Select(n => n.Id));
    }

    [Theory]
    [InlineData("2026-03-19T23:59+08:00", true)]
    [InlineData("2026-03-20T00:00+08:00", false)]
    public void Nobody_is_told_once_the_version_has_begun(string now, bool isTold)
    {
        var grid = Grid();
        Ok(grid, Given.Open(1) with { Follows = true });
        Assert.Equal(isTold, grid.Execute(0, new NotifyPrice(1, 2), Given.At(now)).Accepted);
    }

    [Theory]
    [InlineData("2026-03-13", "2026-03-20", 7, true)]
    [InlineData("2026-03-14", "2026-03-20", 7, false)]
    [InlineData("2026-03-20", "2026-03-20", 0, true)]
    public void It_is_in_time_by_the_packs_days(string leaves, string first, int days, bool isInTime) =>
        Assert.Equal(isInTime, PriceNoticeRules.IsInTime(Given.Day(leaves), Given.Day(first), days));

    /// <summary>A pack that asks for so many days is kept by each message that leaves on the day of the announcement or the next.</summary>
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(30, 31)]
    public void A_version_begins_so_late_that_messages_can_leave_the_next_day(int noticeDays, int days) =>
        Assert.Equal(days, ProductRules.EarliestDay(0, noticeDays));

    [Fact]
    public void It_says_old_and_new_prices_the_first_day_and_what_the_past_would_have_cost()
    {
        var grid = Grid();
        Ok(grid, Given.Open(1) with { Follows = true });
        var past = new PastCost(Given.Day("2025-03-01"), Given.Day("2026-02-28"), 1_200_000, "600.000000000", "720.000000000");
        Ok(grid, new NotifyPrice(1, 2, Past: past));
        var facts = Assert.Single(grid[0].Notices).Facts;
        Assert.Equal(("2026-03-20", "t", past), (facts.FirstDay, facts.Product, facts.Past));
        Assert.Equal([new PriceLine("rate", "flat", "0.5", "0.6")], facts.Prices);
        Assert.Null(facts.Policy);

        // It is the version before that the next one takes the place of.
        Ok(grid, new NotifyPrice(1, 3));
        Assert.Equal([new PriceLine("rate", "flat", "0.6", "0.7")], grid[0].Notices[1].Facts.Prices);
    }

    [Fact]
    public void Lines_name_every_rate_and_whatever_else_differs()
    {
        var old = Given.Tou() with
        {
            StandingPerDay = "0.10",
            TaxBasisPoints = 600,
            Tiers = Given.Tiers(),
            Levies = [new() { Name = "fund", PerKwh = "0.01" }],
        };
        Assert.Equal(
            ["rate flat 0.5 0.5", "rate peak 0.8 0.8", "rate valley 0.2 0.2"], Lines(old, old with { Version = 2, StandingPerDay = "0.1" }));
        var now = old with
        {
            Rates = [new("flat", "0.55"), new("peak", "0.8"), new("deep", "0.1")],
            Schedule = [new RateRule { Rate = "deep", From = "00:00", To = "07:00" }],
            StandingPerDay = "0.2",
            LevyPerKwh = "0.02",
            TaxBasisPoints = 1_300,
            Tiers = new() { Steps = [new(240_000, "0.06"), new(500_500, "0.3")] },
            Levies = [],
            Taxes = [new() { Name = "town", BasisPoints = 150 }],
        };
        Assert.Equal(
            [
                "rate flat 0.5 0.55", "rate peak 0.8 0.8", "rate deep  0.1", "rate valley 0.2 ", "standing  0.1 0.2", "levy  0 0.02", "levy fund 0.01 ",
                "tier 240 0.05 0.06", "tier 500.5  0.3", "tier 400 0.3 ", "tax  6 13", "tax town  1.5", "other   ",
            ],
            Lines(old, now));
    }

    /// <summary>Held back at night, and compared with the account before it leaves.</summary>
    [Theory]
    [InlineData("nothing", true)]
    [InlineData("the version is withdrawn", false)]
    [InlineData("the account leaves", false)]
    [InlineData("the account is closed", false)]
    public void It_leaves_only_while_it_is_true(string what, bool isSaid)
    {
        var grid = Grid();
        Ok(grid, Given.Open(1) with { Follows = true });
        Ok(grid, new NotifyPrice(1, 2));
        var later = NowMs + (3 * Instants.MsPerHour);
        switch (what)
        {
            case "the version is withdrawn":
                grid.Tariff(2).Product.Withdraw(grid.Tariff(2), later - 1);
                break;
            case "the account leaves":
                Ok(grid, new ChangeTariff(1, 4, Given.Day("2026-03-15")));
                break;
            case "the account is closed":
                Ok(grid, new CloseAccount(1, Given.Day("2026-03-10"), "moved"));
                break;
        }

        grid.Execute(0, new ConfirmNotice(1, "1:price-change:2", NoticeKind.PriceChange), later);
        var verdict = Assert.Single(grid[0].Verdicts);
        Assert.Equal(isSaid ? NoticeKind.PriceChange : null, verdict.Kind);
        Assert.Null(verdict.Facts);
        var withdrawal = grid.Execute(0, new NotifyPrice(1, 2, IsWithdrawal: true), later);
        Assert.Equal(what == "the version is withdrawn", withdrawal.Accepted);
        if (withdrawal.Accepted)
        {
            Assert.Equal((NoticeKind.PriceWithdrawn, "2026-03-20"), (grid[0].Notices[^1].Kind, grid[0].Notices[^1].Facts.FirstDay));
            grid.Execute(0, new ConfirmNotice(1, "1:price-withdrawn:2", NoticeKind.PriceWithdrawn), later);
            Assert.Equal(NoticeKind.PriceWithdrawn, grid[0].Verdicts[^1].Kind);
        }
    }

    [Theory]
    [InlineData(NoticeKind.PriceChange, true, false, NoticeKind.PriceChange)]
    [InlineData(NoticeKind.PriceChange, false, false, null)]
    [InlineData(NoticeKind.PriceChange, true, true, null)]
    [InlineData(NoticeKind.PriceWithdrawn, false, false, NoticeKind.PriceWithdrawn)]
    [InlineData(NoticeKind.PriceWithdrawn, false, true, null)]
    public void What_is_said_when_it_leaves(NoticeKind kind, bool isDue, bool isClosed, NoticeKind? said) =>
        Assert.Equal(said, NoticeTruth.Of(kind, new NoticePresent { IsPriceDue = isDue, IsClosed = isClosed }).Kind);

    /// <summary>Under a pack it waits for the end of quiet hours, and its delivery is to be proven.</summary>
    [Fact]
    public void A_pack_holds_it_through_the_night()
    {
        var life = new Life("2026-03-02", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.To("2026-03-02T23:00:00+08:00");
        var version = life.Grid.Announce(Given.Flat("0.60") with { Version = 2, EffectiveFrom = new(2026, 3, 20) });
        Assert.True(life.Grid.Execute(0, Given.Open(2, "2026-03-02") with { Follows = true }, life.NowMs).Accepted);
        life.Ok(new ChangeTariff(1, 1, Given.Day("2026-03-04"), Follows: true));
        life.Ok(new NotifyPrice(1, version));
        var notice = life.Partition.Notices.Last(n => n.Kind == NoticeKind.PriceChange);
        Assert.True(notice.NotBeforeMs > life.NowMs);
        Assert.Equal(life.Policy.Stamp, notice.Facts.Policy);

        // Its delivery is proven, and speaks for no cut: it does not show the balance.
        var shown = life.Customer.BalanceShownMs;
        Assert.True(life.Do(new ReportDelivery(1, notice.Id, "sms", life.NowMs)).Accepted);
        Assert.Equal(shown, life.Customer.BalanceShownMs);
        life.Ok(new ConfirmNotice(1, notice.Id, NoticeKind.PriceChange));
        Assert.Equal((NoticeKind.PriceChange, null), (life.Partition.Verdicts[^1].Kind, life.Partition.Verdicts[^1].Facts));
    }

    private static IEnumerable<string> Lines(TariffDefinition old, TariffDefinition now) =>
        PriceLines.Of(old, now).Select(l => $"{l.Kind} {l.Name} {l.Old} {l.New}");

    private static FoldHarness Grid()
    {
        var grid = FoldHarness.WithProduct(
            true, Given.Flat("0.50"), Given.Flat("0.60") with { Version = 2, EffectiveFrom = new(2026, 3, 20) },
            Given.Flat("0.70") with { Version = 3, EffectiveFrom = new(2026, 4, 1) });
        grid.AddProduct(Given.Flat("0.40") with { Id = "other" });
        return grid;
    }

    private static void Ok(FoldHarness grid, GridCommand command)
    {
        var outcome = grid.Execute(0, command, NowMs);
        Assert.True(outcome.Accepted, outcome.Refusal?.Detail);
    }
}
