using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>When a further version of a product may be announced, and withdrawn, at the borders of the rule.</summary>
public sealed class ProductRulesTests
{
    /// <summary>Early on 10 March in Shanghai, late on the 9th in UTC.</summary>
    private static readonly long Now = Given.At("2026-03-10T00:30+08:00");

    [Theory]
    [InlineData("2026-03-25", 14, null)]
    [InlineData("2026-03-24", 14, "tariff.announced_late")]
    [InlineData("2026-03-10", 14, "tariff.announced_late")]
    [InlineData("2026-01-01", 14, "tariff.announced_late")]
    [InlineData("2026-03-13", 0, null)]
    [InlineData("2026-03-12", 0, "tariff.announced_late")]
    [InlineData("2026-03-12", 1, "tariff.announced_late")]
    [InlineData(null, 0, "tariff.announced_late")]
    public void A_further_version_is_announced_so_many_local_days_before_its_first(string? from, int noticeDays, string? code) =>
        Assert.Equal(code, ProductRules.RefuseNew(Version(2, from), Product(Version(1, "2026-01-01")), noticeDays, Now)?.Code);

    [Fact]
    public void A_late_announcement_is_told_the_earliest_day() =>
        Assert.Contains("not 2026-03-25 or later", ProductRules.RefuseNew(Version(2, "2026-03-20"), Product(Version(1, null)), 14, Now)!.Detail,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("2020-01-01")]
    [InlineData("2026-03-10")]
    public void The_first_version_of_a_product_begins_on_any_day(string? from)
    {
        Assert.Null(ProductRules.RefuseNew(Version(1, from), null, 14, Now));
        Assert.Null(ProductRules.RefuseNew(Version(1, from), new TariffProduct(), 14, Now));
    }

    [Fact]
    public void Two_versions_never_begin_on_one_day_unless_one_is_withdrawn()
    {
        var product = Product(Version(1, null), Version(2, "2026-04-01"));
        Assert.Equal("tariff.day_taken", ProductRules.RefuseNew(Version(3, "2026-04-01"), product, 0, Now)?.Code);
        Assert.Null(ProductRules.RefuseNew(Version(3, "2026-04-02"), product, 0, Now));
        product.Withdraw(product.Versions[0].Tariff, Now);
        Assert.Null(ProductRules.RefuseNew(Version(3, "2026-04-01"), product, 0, Now));
    }

    [Fact]
    public void All_versions_of_a_product_have_one_currency_and_zone()
    {
        var product = Product(Version(1, null));
        Assert.Equal("tariff.incompatible", ProductRules.RefuseNew(Version(2, "2026-04-01") with { Currency = "EUR" }, product, 0, Now)?.Code);
        Assert.StartsWith("zone: 'Asia/Tokyo'", ProductRules.RefuseNew(Version(2, "2026-04-01") with { Zone = "Asia/Tokyo" }, product, 0, Now)?.Detail,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-31T21:59:59.999+08:00", null)]
    [InlineData("2026-03-31T22:00:00+08:00", null)]
    [InlineData("2026-03-31T22:00:00.001+08:00", "tariff.begun")]
    [InlineData("2026-04-01T00:00:00+08:00", "tariff.begun")]
    [InlineData("2027-01-01T00:00:00+08:00", "tariff.begun")]
    public void A_version_is_withdrawn_until_two_hours_before_it_begins(string at, string? code)
    {
        var product = Product(Version(1, null), Version(2, "2026-04-01"));
        Assert.Equal(code, ProductRules.RefuseWithdrawal(product.Versions[0].Tariff, Given.At(at))?.Code);
    }

    [Fact]
    public void The_first_version_is_not_withdrawn_and_a_withdrawn_one_may_be_again()
    {
        var product = Product(Version(1, "2026-06-01"), Version(2, "2026-07-01"));
        var (second, first) = (product.Versions[0].Tariff, product.Versions[1].Tariff);
        Assert.Equal("tariff.only_version", ProductRules.RefuseWithdrawal(first, Now)?.Code);
        product.Withdraw(second, Now);
        Assert.Null(ProductRules.RefuseWithdrawal(second, Given.At("2027-01-01T00:00+08:00")));
        Assert.Equal("tariff.begun", ProductRules.RefuseWithdrawal(Product(Version(1, null)).Versions[0].Tariff, Now)?.Code);
    }

    [Theory]
    [InlineData("2026-05-31", 1)]
    [InlineData("2026-06-01", 3)]
    [InlineData("2026-12-31", 3)]
    [InlineData("2027-01-01", 2)]
    public void The_version_in_force_is_the_one_that_began_last(string day, int version) =>
        Assert.Equal(version, Product(Version(1, null), Version(2, "2027-01-01"), Version(3, "2026-06-01")).VersionOn(Given.Day(day))!.Definition.Version);

    [Fact]
    public void Before_the_first_version_none_is_in_force() => Assert.Null(Product(Version(2, "2027-01-01")).VersionOn(Given.Day("2026-12-31")));

    [Theory]
    [InlineData(99, 1)]
    [InlineData(100, 2)]
    [InlineData(199, 2)]
    [InlineData(200, 1)]
    public void Days_to_come_follow_what_was_known_then(long asOfMs, int version)
    {
        var product = Product(Version(1, null));
        var second = TariffCompiler.Compile(2, Version(2, "2026-04-01")).Tariff!;
        second.Join(product, 100);
        product.Withdraw(second, 200);
        product.Withdraw(second, 150);
        Assert.Equal(version, product.VersionOn(Given.Day("2026-04-01"), asOfMs)!.Definition.Version);
        Assert.Equal(version == 2 ? Given.Day("2026-04-01") : int.MaxValue, product.NextDayAfter(Given.Day("2026-03-01"), asOfMs));
    }

    /// <summary>A version with a charge by month is neither begun nor ended within a month, by a version before it, behind it or withdrawn between.</summary>
    [Fact]
    public void A_version_without_charges_by_month_does_not_end_one_with_them_within_a_month()
    {
        var demand = TwoPart.ByDemand();
        TariffDefinition[] charging = [demand, TwoPart.ByCapacity(), Given.Flat() with { PowerFactor = TwoPart.Published(90, "energy") }];
        foreach (var first in charging)
        {
            Assert.Equal("tariff.two_part", ProductRules.RefuseNew(Version(2, "2026-04-16"), Product(first), 0, Now)?.Code.Text);
            Assert.Null(ProductRules.RefuseNew(Version(2, "2026-05-01"), Product(first), 0, Now));
        }

        var flat = Product(Version(1, null), Version(2, "2026-05-16"));
        Assert.Null(ProductRules.RefuseNew(Version(3, "2026-04-16"), flat, 0, Now));
        var between = demand with { Version = 3, EffectiveFrom = new(2026, 5, 1) };
        Assert.StartsWith("effectiveFrom: version 2 of product t would begin on 2026-05-16", ProductRules.RefuseNew(between, flat, 0, Now)!.Detail,
            StringComparison.Ordinal);
        var ended = Product(demand, Version(2, "2026-05-01"), Version(3, "2026-05-16"));
        Assert.Equal("tariff.two_part", ProductRules.RefuseWithdrawal(ended.Versions[1].Tariff, Now)?.Code.Text);
        Assert.Null(ProductRules.RefuseWithdrawal(ended.Versions[0].Tariff, Now));
        ended.Withdraw(ended.Versions[0].Tariff, Now);
        Assert.Null(ProductRules.RefuseWithdrawal(ended.Versions[1].Tariff, Now));
    }

    private static TariffDefinition Version(int version, string? from) =>
        Given.Flat() with { Version = version, EffectiveFrom = from is null ? null : DateOnly.FromDayNumber(Given.Day(from)) };

    private static TariffProduct Product(params TariffDefinition[] versions)
    {
        var product = new TariffProduct();
        foreach (var version in versions)
        {
            TariffCompiler.Compile(version.Version, version).Tariff!.Join(product, 0);
        }

        return product;
    }

    /// <summary>A version that cannot be used keeps its days: no other price is charged on them.</summary>
    [Fact]
    public void On_days_of_a_version_that_cannot_be_used_there_is_no_price()
    {
        var product = new TariffProduct();
        var first = TariffCompiler.Compile(1, Given.Flat() with { EffectiveFrom = new(2026, 1, 1) }).Tariff!;
        var third = TariffCompiler.Compile(3, Given.Flat() with { Version = 3, EffectiveFrom = new(2026, 5, 1) }).Tariff!;
        first.Join(product, 0);
        third.Join(product, 0);
        product.Block(2, Given.Day("2026-03-01"));
        Assert.Equal(first, product.VersionOn(Given.Day("2026-02-28")));
        Assert.Throws<InvariantBrokenException>(() => product.VersionOn(Given.Day("2026-03-01")));
        Assert.Throws<InvariantBrokenException>(() => product.VersionOn(Given.Day("2026-04-30")));
        Assert.Equal(third, product.VersionOn(Given.Day("2026-05-01")));
        Assert.Equal(Given.Day("2026-03-01"), product.NextDayAfter(Given.Day("2026-02-01")));
    }
}
