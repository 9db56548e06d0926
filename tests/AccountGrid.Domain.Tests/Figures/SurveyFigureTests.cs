using AccountGrid.Domain.Figures;

namespace AccountGrid.Domain.Tests.Figures;

/// <summary>Satisfaction, effort, promoters, percentiles and standardised rates.</summary>
public sealed class SurveyFigureTests
{
    [Fact]
    public void Satisfaction_is_the_share_of_4_and_5_and_effort_that_of_5_and_more()
    {
        var satisfaction = AnswerCounts.Of(5, [1, 3, 4, 4, 5]);
        Assert.Equal(new(3, 5), satisfaction.Satisfied);
        Assert.Equal(3.4, satisfaction.Mean);
        var effort = AnswerCounts.Of(7, [1, 4, 5, 7]);
        Assert.Equal(new(2, 4), effort.Easy);
        Assert.Equal(4.25, effort.Mean);
        Assert.Null(AnswerCounts.Of(5, []).Mean);
        Assert.Null(AnswerCounts.Of(5, []).Satisfied.Share);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void An_answer_beyond_the_scale_is_no_answer(int answer) =>
        Assert.Throws<InvariantBrokenException>(() => AnswerCounts.Of(5, [answer]));

    [Fact]
    public void A_scale_is_not_taken_for_another() => Assert.Throws<InvariantBrokenException>(() => AnswerCounts.Of(7, [5]).Satisfied);

    /// <summary>50 promoters, 30 passives and 20 detractors: 0.3, s.e. √((0.5 + 0.2 − 0.09) / 100) = √0.0061.</summary>
    [Fact]
    public void The_net_promoter_score_has_its_standard_error()
    {
        var nps = NetPromoterScore.Of(50, 30, 20)!.Value;
        Assert.Equal(0.3, nps.Value, 12);
        Assert.Equal(0.0781, Math.Round(nps.StandardError, 4));
        Assert.Null(NetPromoterScore.Of(0, 0, 0));
        Assert.Equal(new(1, 0), NetPromoterScore.Of(10, 0, 0));
        Assert.Throws<InvariantBrokenException>(() => NetPromoterScore.Of(-1, 2, 3));
    }

    [Theory]
    [InlineData(50, 3)]
    [InlineData(60, 3)]
    [InlineData(61, 4)]
    [InlineData(95, 5)]
    [InlineData(100, 5)]
    [InlineData(1, 1)]
    public void A_percentile_is_the_nearest_rank(int percent, long value) => Assert.Equal(value, Percentile.Of([5, 1, 4, 2, 3], percent));

    [Fact]
    public void A_percentile_of_nothing_is_not_defined()
    {
        Assert.Null(Percentile.Of([], 50));
        Assert.Throws<InvariantBrokenException>(() => Percentile.Of([1], 0));
        Assert.Throws<InvariantBrokenException>(() => Percentile.Of([1], 101));
    }

    /// <summary>
    /// Both collectors collect 90 % from good and 50 % from bad payers, but one has 90 of 100 good ones and the other 10: 86 % and 54 %. With the mix of both,
    /// one half each, both have 70 %.
    /// </summary>
    [Fact]
    public void Collectors_are_compared_within_the_same_mix_of_grades()
    {
        Assert.Equal(0.7, DirectStandardisation.Rate([new(100, new(81, 90)), new(100, new(5, 10))])!.Value, 12);
        Assert.Equal(0.7, DirectStandardisation.Rate([new(100, new(9, 10)), new(100, new(45, 90))])!.Value, 12);
    }

    [Fact]
    public void A_stratum_that_was_not_observed_leaves_the_rate_undefined()
    {
        Assert.Null(DirectStandardisation.Rate([new(1, new(1, 2)), new(1, new(0, 0))]));
        Assert.Equal(0.5, DirectStandardisation.Rate([new(1, new(1, 2)), new(0, new(0, 0))]));
        Assert.Null(DirectStandardisation.Rate([]));
        Assert.Null(DirectStandardisation.Rate([new(0, new(1, 2))]));
        Assert.Throws<InvariantBrokenException>(() => DirectStandardisation.Rate([new(-1, new(1, 2))]));
    }
}
