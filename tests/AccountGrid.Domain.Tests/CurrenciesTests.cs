namespace AccountGrid.Domain.Tests;

public sealed class CurrenciesTests
{
    [Theory]
    [InlineData("JPY", 0)]
    [InlineData("KRW", 0)]
    [InlineData("VND", 0)]
    [InlineData("UGX", 0)]
    [InlineData("CNY", 2)]
    [InlineData("IDR", 2)]
    [InlineData("NGN", 2)]
    [InlineData("XCG", 2)]
    [InlineData("KWD", 3)]
    [InlineData("CLF", 4)]
    public void A_currency_has_its_own_digits(string code, int digits) => Assert.Equal(digits, Currencies.DigitsOf(code));

    [Theory]
    [InlineData("ABC")]
    [InlineData("cny")]
    [InlineData("XXX")]
    [InlineData("XAU")]
    [InlineData("DEM")]
    [InlineData("")]
    public void What_is_not_in_the_list_is_no_currency(string code)
    {
        Assert.Null(Currencies.DigitsOf(code));
        Assert.Null(Currencies.SmallestUnitNano(code));
    }

    [Fact]
    public void Each_code_is_three_capitals_and_listed_once()
    {
        Assert.All(Currencies.All, code => Assert.True(code.Length == 3 && code.All(char.IsAsciiLetterUpper), code));
        Assert.Equal(Currencies.All.Distinct(), Currencies.All);
    }

    [Fact]
    public void The_smallest_unit_times_its_number_is_one_unit() =>
        Assert.All(Currencies.All,
            code => Assert.Equal(Money.NanoPerUnit, Currencies.SmallestUnitNano(code) * (long)Math.Pow(10, Currencies.DigitsOf(code)!.Value)));
}
