using AccountGrid.Domain.Customers;

namespace AccountGrid.Domain.Tests.Customers;

/// <summary>How a grade follows the evaluations, and what it allows.</summary>
public sealed class RiskStandingTests
{
    private static readonly MonthNumber First = new(2026 * 12);

    /// <param name="results">Results of consecutive months: a grade, or "!" for a knock-out.</param>
    [Theory]
    [InlineData("A", "A", "A")]
    [InlineData("A", "B", "A")]
    [InlineData("A", "BB", "AB")]
    [InlineData("A", "BAB", "AAA")]
    [InlineData("A", "BABB", "AAAB")]
    [InlineData("A", "DB", "AB")]
    [InlineData("A", "BD", "AB")]
    [InlineData("A", "BDD", "ABD")]
    [InlineData("A", "BDC", "ABC")]
    [InlineData("A", "DD", "AD")]
    [InlineData("A", "!", "D")]
    [InlineData("A", "B!A", "ADC")]
    [InlineData("D", "AAAA", "CBAA")]
    [InlineData("D", "A!AA", "CDCB")]
    [InlineData("C", "BB", "BB")]
    [InlineData("B", "DBDD", "BBBD")]
    public void A_grade_goes_down_after_two_worse_evaluations_and_up_by_one(string before, string results, string grades)
    {
        var standing = new RiskStanding(Enum.Parse<RiskGrade>(before), null, null);
        var found = "";
        for (var i = 0; i < results.Length; i++)
        {
            standing = standing.After(Score(results[i]), First.Plus(i), 5);
            found += standing.Grade;
        }

        Assert.Equal(grades, found);
    }

    [Fact]
    public void A_month_counts_once()
    {
        var standing = new RiskStanding(RiskGrade.A, null, null).After(Score('D'), First, 5);
        Assert.Equal(standing, standing.After(Score('D'), First, 5));
        Assert.Equal(standing, standing.After(Score('!'), First.Plus(-1), 5));
        Assert.Equal(RiskGrade.D, standing.After(Score('D'), First.Plus(1), 5).Grade);
    }

    [Fact]
    public void An_evaluation_for_a_knock_out_only_knocks_out()
    {
        var standing = new RiskStanding(RiskGrade.B, RiskGrade.C, First);
        Assert.Equal(standing, standing.After(Score('D'), null, 5));
        Assert.Equal(standing, standing.After(Score('A'), null, 5));
        Assert.Equal(new(RiskGrade.D, null, First), standing.After(Score('!'), null, 5));
    }

    [Theory]
    [InlineData(0, RiskGrade.B)]
    [InlineData(1, RiskGrade.A)]
    public void A_new_customer_has_B_and_no_better_grade_in_its_first_year(int years, RiskGrade grade)
    {
        Assert.Equal(RiskGrade.B, RiskStanding.New.Grade);
        Assert.Equal(grade, RiskStanding.New.After(Score('A'), First, years).Grade);
        Assert.Equal(RiskGrade.D, RiskStanding.New.After(Score('!'), First, years).Grade);
    }

    [Theory]
    [InlineData(RiskGrade.A, 12, 0, true)]
    [InlineData(RiskGrade.A, 13, 0, false)]
    [InlineData(RiskGrade.B, 6, 1, true)]
    [InlineData(RiskGrade.B, 7, 1, false)]
    [InlineData(RiskGrade.C, 4, 25, true)]
    [InlineData(RiskGrade.C, 4, 24, false)]
    [InlineData(RiskGrade.D, 3, 40, true)]
    [InlineData(RiskGrade.D, 3, 39, false)]
    [InlineData(RiskGrade.D, 4, 40, false)]
    public void A_grade_decides_which_instalments_may_be_offered(RiskGrade grade, int count, int firstPercent, bool isAllowed)
    {
        var rest = Money.FromUnits(100 - firstPercent);
        var instalments = Enumerable.Range(0, count).Select(i => i == 0 ? Money.FromUnits(firstPercent) : new Money(rest.Nano / (count - 1))).ToList();
        instalments[^1] += Money.FromUnits(100) - new Money(instalments.Sum(i => i.Nano));
        Assert.Equal(isAllowed, GradeTerms.Of(grade).Allows(instalments));
    }

    [Fact]
    public void Worse_grades_are_contacted_first_and_each_grade_may_have_a_plan()
    {
        Assert.Equal(
            [RiskGrade.D, RiskGrade.C, RiskGrade.B, RiskGrade.A], Enum.GetValues<RiskGrade>().OrderBy(g => GradeTerms.Of(g).ContactOrder));
        Assert.All(Enum.GetValues<RiskGrade>(), g => Assert.True(GradeTerms.Of(g).InstalmentsMax >= 3));
        Assert.False(GradeTerms.Of(RiskGrade.A).Allows([]));
    }

    private static RiskScore Score(char result) =>
        result == '!' ? new(95, RiskGrade.D, [], [KnockOut.Theft]) : new(0, Enum.Parse<RiskGrade>(result.ToString()), [], []);
}
