using AccountGrid.Domain.Figures;
using CsCheck;

namespace AccountGrid.Domain.Tests.Figures;

/// <summary>Intervals of proportions against published values.</summary>
public sealed class ProportionTests
{
    /// <summary>The first three are from SERVICE.md, the others from Newcombe's paper on single proportions, table I, method 3.</summary>
    [Theory]
    [InlineData(430, 474, 0.878, 0.930, 3)]
    [InlineData(40, 100, 0.309, 0.498, 3)]
    [InlineData(10, 14, 0.454, 0.883, 3)]
    [InlineData(81, 263, 0.2553, 0.3662, 4)]
    [InlineData(15, 148, 0.0624, 0.1605, 4)]
    [InlineData(0, 20, 0.0, 0.1611, 4)]
    [InlineData(1, 29, 0.0061, 0.1718, 4)]
    public void The_score_interval_has_published_values(long count, long of, double low, double high, int digits) =>
        AssertInterval(low, high, Wilson.Score(new(count, of)), digits);

    /// <summary>
    /// Newcombe's paper on single proportions, table I, method 4. It takes 1.959964 for the quantile, SERVICE.md 1.96: one bound differs in the fourth digit.
    /// </summary>
    [Theory]
    [InlineData(81, 263, 0.2535, 0.3682)]
    [InlineData(15, 148, 0.0598, 0.1645)]
    [InlineData(0, 20, 0.0, 0.2005)]
    [InlineData(1, 29, 0.0018, 0.1963)]
    public void The_corrected_interval_has_published_values(long count, long of, double low, double high) =>
        AssertInterval(low, high, Wilson.Corrected(new(count, of)), 4);

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public void The_interval_is_corrected_below_30_observations(long of, bool isCorrected)
    {
        var p = new Proportion(of / 2, of);
        Assert.NotEqual(Wilson.Corrected(p), Wilson.Score(p));
        Assert.Equal(isCorrected ? Wilson.Corrected(p) : Wilson.Score(p), Wilson.Of(p));
    }

    [Fact]
    public void Nothing_observed_has_no_share_and_no_interval()
    {
        Assert.Null(default(Proportion).Share);
        Assert.Null(Wilson.Of(default));
        Assert.Null(Wilson.Score(default));
        Assert.Null(Newcombe.Difference(default, new(1, 2)));
        Assert.Null(Newcombe.Difference(new(1, 2), default));
        Assert.Throws<InvariantBrokenException>(() => Wilson.Of(new(3, 2)));
    }

    [Fact]
    public void An_interval_contains_its_share_and_the_corrected_one_the_other() =>
        Gen.Select(Gen.Int[1, 2_000], Gen.Double[0, 1]).Sample((n, part) =>
        {
            var p = new Proportion((long)(n * part), n);
            var (plain, corrected) = (Wilson.Score(p)!.Value, Wilson.Corrected(p)!.Value);
            Assert.InRange(p.Share!.Value, plain.Low, plain.High);
            Assert.InRange(plain.Low, corrected.Low - 1e-12, corrected.High);
            Assert.InRange(plain.High, corrected.Low, corrected.High + 1e-12);
            Assert.InRange(corrected.Low, 0, corrected.High);
            Assert.InRange(corrected.High, corrected.Low, 1);
        }, iter: PropertyRuns.Of(5_000));

    /// <summary>Newcombe's paper on differences, table II, methods 10 and 11.</summary>
    [Theory]
    [InlineData(56, 70, 48, 80, false, 0.0524, 0.3339)]
    [InlineData(56, 70, 48, 80, true, 0.0428, 0.3422)]
    [InlineData(9, 10, 3, 10, false, 0.1705, 0.8090)]
    [InlineData(9, 10, 3, 10, true, 0.1013, 0.8387)]
    [InlineData(0, 10, 0, 10, false, -0.2775, 0.2775)]
    [InlineData(10, 10, 0, 10, false, 0.6075, 1.0)]
    public void The_interval_of_a_difference_has_published_values(long a, long m, long b, long n, bool isCorrected, double low, double high) =>
        AssertInterval(low, high, Newcombe.Of(new(a, m), new(b, n), isCorrected), 4);

    [Fact]
    public void A_difference_is_corrected_if_one_group_has_fewer_than_30()
    {
        var (few, many) = (new Proportion(20, 29), new Proportion(20, 30));
        Assert.Equal(Newcombe.Of(few, many, true), Newcombe.Difference(few, many));
        Assert.Equal(Newcombe.Of(many, many, false), Newcombe.Difference(many, many));
    }

    /// <summary>Two groups whose own intervals overlap can still differ.</summary>
    [Fact]
    public void Groups_are_compared_by_the_interval_of_their_difference()
    {
        var (a, b) = (new Proportion(60, 100), new Proportion(45, 100));
        Assert.True(Wilson.Of(a)!.Value.Low < Wilson.Of(b)!.Value.High);
        Assert.True(Newcombe.Difference(a, b)!.Value.Low > 0);
    }

    private static void AssertInterval(double low, double high, Interval? found, int digits)
    {
        Assert.NotNull(found);
        Assert.Equal(low, Math.Round(found.Value.Low, digits));
        Assert.Equal(high, Math.Round(found.Value.High, digits));
    }
}
