using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Cases;

/// <summary>Working time, the order of cases, and the steps of a case, at their borders.</summary>
public sealed class CaseRulesTests
{
    private const long Hour = 3_600_000;

    /// <summary>The pack of 2026 works from 08:30 to 17:30. 15 to 23 February are holidays, 14 and 28 February are worked Saturdays.</summary>
    [Theory]
    [InlineData("2026-03-02T09:00", 60, "2026-03-02T10:00")]
    [InlineData("2026-03-02T09:00", 510, "2026-03-02T17:30")]
    [InlineData("2026-03-02T09:00", 511, "2026-03-03T08:31")]
    [InlineData("2026-03-02T07:00", 30, "2026-03-02T09:00")]
    [InlineData("2026-03-02T17:30", 0, "2026-03-03T08:30")]
    [InlineData("2026-03-02T17:29", 1, "2026-03-02T17:30")]
    [InlineData("2026-03-02T17:29", 2, "2026-03-03T08:31")]
    [InlineData("2026-03-06T20:00", 30, "2026-03-09T09:00")]
    [InlineData("2026-02-13T17:00", 60, "2026-02-14T09:00")]
    [InlineData("2026-02-14T17:00", 60, "2026-02-24T09:00")]
    [InlineData("2026-03-07T12:00", 540, "2026-03-09T17:30")]
    [InlineData("2026-03-07T12:00", 541, "2026-03-10T08:31")]
    public void Only_working_hours_of_working_days_count(string from, int minutes, string until) =>
        Assert.Equal(until, Text(Time.Add(Ms(from), minutes)));

    [Theory]
    [InlineData("2026-03-02T00:00", 0, "2026-03-02T17:30")]
    [InlineData("2026-03-02T23:59", 0, "2026-03-02T17:30")]
    [InlineData("2026-03-02T12:00", 1, "2026-03-03T17:30")]
    [InlineData("2026-03-07T12:00", 0, "2026-03-09T17:30")]
    [InlineData("2026-03-07T12:00", 1, "2026-03-10T17:30")]
    [InlineData("2026-02-13T12:00", 2, "2026-02-24T17:30")]
    public void A_number_of_working_days_ends_with_the_working_hours(string from, int days, string until) =>
        Assert.Equal(until, Text(Time.EndAfter(Ms(from), days)));

    [Fact]
    public void Where_clocks_change_the_wall_clock_counts_and_a_pack_without_hours_works_whole_days()
    {
        var london = LocalCalendar.Find("Europe/London")!;
        var gb = Packs.Get("gb-prepay");
        var day = new DateOnly(2026, 3, 30).DayNumber;
        Assert.Equal(new DateTimeOffset(2026, 3, 30, 16, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), WorkingTime.Of(gb, london).EndOf(day));
        var friday = new DateTimeOffset(2026, 3, 27, 17, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Assert.Equal(new DateTimeOffset(2026, 3, 30, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), WorkingTime.Of(gb, london).Add(friday, 60));
        var whole = new WorkingTime(gb.Business, new Hours(0, 24 * 60), london);
        Assert.Equal(london.StartOf(day + 1), whole.EndOf(day));
        Assert.Equal(london.StartOf(day) + Hour, whole.Add(friday, 8 * 60));
    }

    [Theory]
    [InlineData("0", RiskGrade.A, CasePriority.Normal, 0)]
    [InlineData("99.99", RiskGrade.A, CasePriority.Normal, 0)]
    [InlineData("100", RiskGrade.A, CasePriority.Normal, -8)]
    [InlineData("199.99", RiskGrade.A, CasePriority.Normal, -8)]
    [InlineData("200", RiskGrade.A, CasePriority.Normal, -16)]
    [InlineData("-200", RiskGrade.A, CasePriority.Normal, -16)]
    [InlineData("819199", RiskGrade.A, CasePriority.Normal, -104)]
    [InlineData("819200", RiskGrade.A, CasePriority.Normal, -112)]
    [InlineData("9000000000", RiskGrade.A, CasePriority.Normal, -112)]
    [InlineData("0", RiskGrade.B, CasePriority.Normal, -2)]
    [InlineData("0", null, CasePriority.Normal, -2)]
    [InlineData("0", RiskGrade.C, CasePriority.Normal, -4)]
    [InlineData("0", RiskGrade.D, CasePriority.Normal, -6)]
    [InlineData("0", RiskGrade.A, CasePriority.Low, 48)]
    [InlineData("0", RiskGrade.A, CasePriority.High, -48)]
    [InlineData("0", RiskGrade.A, CasePriority.Urgent, -168)]
    [InlineData("100", RiskGrade.D, CasePriority.High, -62)]
    public void Money_grade_and_priority_bring_a_deadline_forward(string money, RiskGrade? grade, CasePriority priority, int hours)
    {
        Assert.True(Money.TryParse(money, out var atRisk));
        Assert.Equal(1_000 * Hour + (hours * Hour), CaseUrgency.KeyOf(1_000 * Hour, atRisk, grade, priority));
    }

    [Theory]
    [InlineData(10, 10, 0, false)]
    [InlineData(10, 11, 0, true)]
    [InlineData(10, 40, 2, true)]
    [InlineData(10, 41, 0, false)]
    [InlineData(10, 11, 3, false)]
    [InlineData(10, 9, 0, false)]
    public void A_case_is_postponed_by_30_days_at_most_and_three_times(int today, int until, int before, bool can) =>
        Assert.Equal(can, CaseSteps.CanPostponeTo(today, until, before));

    [Theory]
    [InlineData("", "P1", null)]
    [InlineData("", null, null)]
    [InlineData("M P1 P0", "M", 1)]
    [InlineData("M P1 P0", "P1", 2)]
    [InlineData("M P1 P0", "P0", null)]
    [InlineData("M P1 P0", "somebody", 0)]
    [InlineData("M P1 P0", null, 0)]
    public void A_late_case_goes_to_the_next_person_above_its_owner(string persons, string? owner, int? level) =>
        Assert.Equal(level, CaseSteps.NextLevel(persons.Split(' ', StringSplitOptions.RemoveEmptyEntries), owner));

    [Fact]
    public void Every_result_has_its_consequence_and_every_kind_its_rules()
    {
        Assert.Equal([CaseResult.Promised], Enum.GetValues<CaseResult>().Where(r => CaseSteps.ConsequenceOf(r) != CaseConsequence.None));
        Assert.Equal([CaseKind.RelayUnconfirmed, CaseKind.RestoreUnconfirmed, CaseKind.Complaint],
            Enum.GetValues<CaseKind>().Where(k => !CaseSteps.CanPostpone(k)));
        Assert.Equal([CaseKind.Suspense, CaseKind.Reconciliation], Enum.GetValues<CaseKind>().Where(k => !CaseSteps.ClosesByHand(k)));
    }

    private static WorkingTime Time => WorkingTime.Of(Packs.Get("cn-residential"), LocalCalendar.Find("Asia/Shanghai")!);

    private static long Ms(string local) => DateTimeOffset.Parse(local + "+08:00", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string Text(long ms) =>
        Instants.ToInstant(ms).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
