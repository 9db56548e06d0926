namespace AccountGrid.Domain.Tests;

public sealed class NearNameTests
{
    private static readonly string[] Known = ["limit", "cursor", "from", "to", "householdSize", "amount", "account"];

    [Theory]
    [InlineData("lmit", "limit")]
    [InlineData("limti", "limit")]
    [InlineData("LIMITS", "limit")]
    [InlineData("crsor", "cursor")]
    [InlineData("houseHoldsize", "householdSize")]
    [InlineData("household_size", "householdSize")]
    [InlineData("hoseoldSize", "householdSize")]
    [InlineData("hosoldSize", null)]
    [InlineData("form", "from")]
    [InlineData("t", null)]
    [InlineData("tt", null)]
    [InlineData("price", null)]
    [InlineData("accont", "account")]
    [InlineData("acount", null)]
    [InlineData("", null)]
    public void The_known_name_that_was_probably_meant_is_the_only_nearest(string given, string? meant) => Assert.Equal(meant, NearName.Of(given, Known));

    [Fact]
    public void Of_two_that_are_as_near_none_is_named() => Assert.Null(NearName.Of("colt", ["cold", "bolt"]));

    [Fact]
    public void A_name_that_is_longer_than_any_is_not_compared() => Assert.Null(NearName.Of(new string('a', 100_000), Known));
}
