using CsCheck;

namespace AccountGrid.Domain.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("12.34", 12_340_000_000)]
    [InlineData("-0.000000001", -1)]
    [InlineData("9223372036.854775807", long.MaxValue)]
    public void Decimal_strings_are_exact(string text, long nano)
    {
        Assert.True(Money.TryParse(text, out var money));
        Assert.Equal(nano, money.Nano);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData(" 1")]
    [InlineData("0.0000000001")]
    [InlineData("9223372036.854775808")]
    [InlineData("NaN")]
    [InlineData("79228162514264337593543")]
    [InlineData("-79228162514264337593543")]
    [InlineData("100000000000000000000000")]
    [InlineData("1.2.3")]
    public void Anything_else_is_no_money(string? text) => Assert.False(Money.TryParse(text, out _));

    [Fact]
    public void Text_and_back_is_the_same() => Gen.Long.Sample(n => Assert.True(Money.TryParse(new Money(n).ToString(), out var m) && m.Nano == n));

    [Theory]
    [InlineData(50, 100, 0)]
    [InlineData(150, 100, 2)]
    [InlineData(250, 100, 2)]
    [InlineData(-150, 100, -2)]
    [InlineData(-50, 100, 0)]
    [InlineData(149, 100, 1)]
    [InlineData(10_000, 1300, 1300)]
    public void Percentages_round_half_to_even(long nano, int basisPoints, long expected) =>
        Assert.Equal(expected, new Money(nano).Percentage(basisPoints).Nano);

    /// <summary>Halves, the border between 64 and 128 bits, and beyond the whole.</summary>
    [Theory]
    [InlineData(50, -100, "0")]
    [InlineData(51, -100, "-1")]
    [InlineData(150, -100, "-2")]
    [InlineData(250, -100, "-2")]
    [InlineData(-150, -100, "2")]
    [InlineData(-250, -100, "2")]
    [InlineData(1, -10_000, "-1")]
    [InlineData(10_000, -10_001, "-10001")]
    [InlineData(-10_000, int.MinValue, "2147483648")]
    [InlineData(long.MaxValue / 10_000, -10_000, "-922337203685477")]
    [InlineData((long.MaxValue / 10_000) + 1, -10_000, "-922337203685478")]
    [InlineData(long.MaxValue, -10_000, "-9223372036854775807")]
    [InlineData(long.MinValue, -10_000, "9223372036854775808")]
    public void A_negative_percentage_is_the_opposite_of_the_positive_one(long nano, int basisPoints, string expected) =>
        Assert.Equal(expected, new WideMoney(nano).Percentage(basisPoints).Nano.ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Percentages_agree_with_decimals() =>
        Gen.Select(Gen.Long[-4_000_000_000_000_000_000, 4_000_000_000_000_000_000], Gen.Int[-10_000, 10_000]).Sample((nano, bps) =>
            Assert.Equal((long)Math.Round((decimal)nano * bps / 10_000m, MidpointRounding.ToEven), new Money(nano).Percentage(bps).Nano));

    [Fact]
    public void Overflow_is_an_error()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + new Money(1));
        Assert.Throws<OverflowException>(() => new Price(long.MaxValue) * new Energy(2));
    }

    /// <summary>Around where 64 bits end, and on both sides of a half.</summary>
    [Fact]
    public void A_percentage_of_a_sum_is_rounded_the_same_in_64_and_in_128_bits()
    {
        const long Border = long.MaxValue / 10_000;
        Gen.Select(Gen.OneOf(Gen.Long[-100_000, 100_000], Gen.Long[Border - 50, Border + 50], Gen.Long[-Border - 50, -Border + 50], Gen.Long),
            Gen.Int[-10_001, 10_001])
            .Sample(
                (nano, basisPoints) => Assert.Equal(decimal.Round((decimal)nano * basisPoints / 10_000m, MidpointRounding.ToEven),
                    (decimal)new WideMoney(nano).Percentage(basisPoints).Nano));
    }

    [Fact]
    public void A_product_has_all_its_digits() =>
        Gen.Select(Gen.Long, Gen.Long).Sample((a, b) => Assert.Equal((Int128)a * b, WideMoney.Product(a, b).Nano));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_sum_beyond_64_bits_is_no_amount(int more, bool isMoney)
    {
        foreach (var sum in new[] { new WideMoney((Int128)long.MaxValue + more), new WideMoney((Int128)long.MinValue - more) })
        {
            Assert.Equal(isMoney, sum.IsMoney);
            if (!isMoney)
            {
                Assert.Throws<OverflowException>(() => sum.ToMoney());
            }
        }
    }
}
