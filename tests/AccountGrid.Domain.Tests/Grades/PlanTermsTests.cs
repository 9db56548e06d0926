using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Grades;

/// <summary>Which plans the pack offers to whom, decided by the account's log.</summary>
public sealed class PlanTermsTests
{
    [Theory]
    [InlineData(RiskGrade.A, 12, 8, true)]
    [InlineData(RiskGrade.A, 13, 7, false)]
    [InlineData(RiskGrade.B, 6, 10, true)]
    [InlineData(RiskGrade.B, 7, 10, false)]
    [InlineData(RiskGrade.C, 4, 25, true)]
    [InlineData(RiskGrade.C, 4, 24, false)]
    [InlineData(RiskGrade.D, 3, 40, true)]
    [InlineData(RiskGrade.D, 3, 39, false)]
    [InlineData(RiskGrade.D, 4, 40, false)]
    public void A_plan_beyond_the_grade_needs_a_second_person_and_the_refusal_names_the_limit(RiskGrade grade, int count, int first, bool isOffered)
    {
        var life = Owing();
        var today = life.State.Calendar.DayOf(life.NowMs);
        var plan = Plan(today, count, first);
        var (stage, notices) = (life.Customer.Overdue.Stage, life.Partition.Notices.Count);
        var outcome = life.Do(new AgreePlan(1, plan, "p", grade));
        Assert.Equal(isOffered, outcome.Accepted);
        if (!isOffered)
        {
            Assert.Equal("approval.needed", outcome.Refusal!.Code);
            Assert.Contains($"grade {grade} is offered: at most {GradeTerms.Of(grade).InstalmentsMax}", outcome.Refusal.Detail, StringComparison.Ordinal);
            Assert.Equal("approval.needed", life.Do(new AgreePlan(1, plan, "p", grade, "p")).Refusal!.Code);
            life.Ok(new AgreePlan(1, plan, "p", grade, "q"));
        }

        Assert.Equal(isOffered ? null : "q", Assert.Single(life.Events<PlanAgreed>()).ApprovedBy);
        Assert.Equal((stage, notices), (life.Customer.Overdue.Stage, life.Partition.Notices.Count));
    }

    [Fact]
    public void A_pack_s_own_terms_decide_and_a_pack_without_them_has_those_of_the_grade()
    {
        var life = Owing(p => p with { Instalments = p.Instalments! with { B = new(2, 5_000) } });
        var today = life.State.Calendar.DayOf(life.NowMs);
        Assert.Equal("approval.needed", life.Do(new AgreePlan(1, Plan(today, 3, 50), "p")).Refusal!.Code);
        Assert.Equal("approval.needed", life.Do(new AgreePlan(1, Plan(today, 2, 49), "p")).Refusal!.Code);
        life.Ok(new AgreePlan(1, Plan(today, 2, 50), "p"));

        var without = Packs.Get("cn-residential", p => p with { Instalments = null, Sources = [.. p.Sources.Where(s => s.Figure != "instalments")] });
        Assert.All(Enum.GetValues<RiskGrade>(), g => Assert.Equal(GradeTerms.Of(g), without.Instalments.TermsOf(g)));
    }

    [Theory]
    [InlineData(-1, 0, "instalments.b.most")]
    [InlineData(61, 0, "instalments.b.most")]
    [InlineData(6, 10_001, "instalments.b.firstShareBasisPoints")]
    public void Terms_out_of_range_are_no_pack(int most, int share, string field)
    {
        var pack = Packs.Get("cn-residential").Definition;
        var (policy, problems) = PolicyCompiler.Compile(pack with { Instalments = pack.Instalments! with { B = new(most, share) } });
        Assert.Null(policy);
        Assert.StartsWith(field, Assert.Single(problems).Detail, StringComparison.Ordinal);
    }

    private static List<Instalment> Plan(int today, int count, int first) =>
    [
        .. Enumerable.Range(0, count).Select(i => new Instalment(
            today + 1 + i, new((i == 0 ? first * 100 : (10_000 - (first * 100)) / (count - 1)) * (Money.NanoPerUnit / 100)))),
    ];

    private static Life Owing(Func<PolicyDefinition, PolicyDefinition>? change = null)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential", change ?? (p => p))) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 1, 60);
        return life;
    }
}
