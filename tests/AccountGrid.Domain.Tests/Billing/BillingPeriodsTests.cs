using AccountGrid.Domain.Billing;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>Billing periods at their borders. 2028 has a 29 February.</summary>
public sealed class BillingPeriodsTests
{
    private const int Pack = 5;

    [Theory]
    // From, billing day, months, end.
    [InlineData("2026-01-01", 31, 1, "2026-01-31")]
    [InlineData("2026-02-01", 31, 1, "2026-02-28")]
    [InlineData("2028-02-01", 31, 1, "2028-02-29")]
    [InlineData("2026-02-01", 30, 1, "2026-02-28")]
    [InlineData("2028-02-01", 29, 1, "2028-02-29")]
    [InlineData("2026-03-01", 30, 1, "2026-03-30")]
    [InlineData("2026-03-31", 30, 1, "2026-04-30")]
    [InlineData("2026-02-28", 31, 1, "2026-02-28")]
    [InlineData("2026-12-31", 31, 1, "2026-12-31")]
    [InlineData("2026-03-05", 31, 1, "2026-03-31")]
    [InlineData("2026-03-01", 15, 1, "2026-03-15")]
    [InlineData("2026-03-15", 15, 1, "2026-03-15")]
    [InlineData("2026-03-16", 15, 1, "2026-04-15")]
    [InlineData("2026-12-16", 15, 1, "2027-01-15")]
    [InlineData("2026-03-02", 1, 1, "2026-04-01")]
    // Behind a billing day all months; elsewhere the part up to the next billing day.
    [InlineData("2026-03-16", 15, 2, "2026-05-15")]
    [InlineData("2026-03-17", 15, 2, "2026-04-15")]
    [InlineData("2026-03-01", 15, 3, "2026-03-15")]
    [InlineData("2026-01-01", 31, 3, "2026-03-31")]
    [InlineData("2027-01-01", 31, 2, "2027-02-28")]
    [InlineData("2028-01-01", 31, 2, "2028-02-29")]
    [InlineData("2025-12-31", 30, 2, "2026-02-28")]
    [InlineData("2026-03-01", 30, 2, "2026-04-30")]
    [InlineData("2026-03-01", 28, 2, "2026-04-28")]
    [InlineData("2028-03-01", 28, 2, "2028-03-28")]
    [InlineData("2026-03-01", 31, 2, "2026-04-30")]
    [InlineData("2026-11-01", 31, 3, "2027-01-31")]
    public void A_period_ends_on_the_billing_day(string from, int day, int months, string end) =>
        Assert.Equal(end, End(from, [new BillingCycle(Given.Day("2025-01-01"), day, months, 0)]));

    [Theory]
    [InlineData("2026-03-01", "2026-03-10")]
    [InlineData("2026-03-10", "2026-03-10")]
    [InlineData("2026-03-11", "2026-03-20")]
    [InlineData("2026-03-21", "2026-03-31")]
    [InlineData("2026-02-21", "2026-02-28")]
    [InlineData("2028-02-21", "2028-02-29")]
    public void An_instalment_ends_on_the_days_of_the_pack_that_holds_on_its_first_day(string from, string end)
    {
        Assert.Equal(end, End(from, [new BillingCycle(0, 31, 1, Pack)]));
        Assert.Equal("2026-03-15", End("2026-03-01", [new BillingCycle(0, 31, 1, Pack)], (_, day) => day == Given.Day("2026-03-01") ? [15, 31] : [10, 20, 31]));
    }

    [Theory]
    // A quarterly account that is billed monthly from 1 April, and then by instalments from 11 April.
    [InlineData("2026-01-01", "2026-03-31")]
    [InlineData("2026-04-01", "2026-04-10")]
    [InlineData("2026-04-11", "2026-04-20")]
    // A fact ends what runs, whatever its own end is.
    [InlineData("2026-03-01", "2026-03-31")]
    public void A_fact_begins_a_period(string from, string end) => Assert.Equal(end, End(from,
        [new(0, 31, 3, 0), new(Given.Day("2026-04-01"), 31, 1, 0), new(Given.Day("2026-04-11"), 31, 1, Pack)]));

    [Fact]
    public void Where_nothing_was_said_a_period_is_a_month() => Assert.Equal("2026-02-28", End("2026-02-10", []));

    [Theory]
    [InlineData("2026-03-01", 31, "2026-03-01")]
    [InlineData("2026-03-31", 31, "2026-03-01")]
    [InlineData("2026-02-28", 31, "2026-02-01")]
    [InlineData("2026-03-01", 28, "2026-03-01")]
    [InlineData("2028-02-29", 28, "2028-02-29")]
    [InlineData("2026-03-16", 15, "2026-03-16")]
    [InlineData("2026-03-15", 15, "2026-02-16")]
    public void What_runs_on_a_day_began_after_the_billing_day_before_it(string day, int ends, string start) =>
        Assert.Equal(start, Instants.DayToText(BillingPeriods.RunningFrom(Given.Day(day), [ends])));

    [Theory]
    [InlineData("2026-03-01", "2026-03-31", "7-202603")]
    [InlineData("2026-03-01", "2026-03-15", "7-20260301")]
    [InlineData("2026-03-16", "2026-03-20", "7-20260316")]
    [InlineData("2026-03-16", "2026-04-15", "7-202603")]
    [InlineData("2026-03-31", "2026-03-31", "7-202603")]
    [InlineData("2026-03-01", "2026-05-31", "7-202603")]
    [InlineData("2026-02-05", "2026-02-28", "7-202602")]
    public void A_bill_is_named_by_the_month_whose_end_it_reaches(string from, string to, string name)
    {
        Assert.Equal(name, BillingPeriods.NameOf(7, Given.Day(from), Given.Day(to), isInstalment: false));
        Assert.Equal($"7-{from.Replace("-", "", StringComparison.Ordinal)}", BillingPeriods.NameOf(7, Given.Day(from), Given.Day(to), isInstalment: true));
    }

    /// <summary>Whatever facts hold, each day is in one period, which is the same however far billing has come, and no two bills have one name.</summary>
    [Fact]
    public void Periods_partition_the_days()
    {
        var first = Given.Day("2026-01-01");
        Gen.Select(Gen.Select(Gen.Int[1, 120], Gen.Int[1, 31], Gen.Int[1, 3], Gen.Bool).Array[0, 6], Gen.Int[0, 400]).Sample((facts, opened) =>
        {
            var cycles = new List<BillingCycle>();
            foreach (var (wait, day, months, isPack) in facts)
            {
                // As commands come: the fact holds from a period's first day on.
                var asked = (cycles.Count == 0 ? first + opened : cycles[^1].FromDay) + wait;
                var start = BillingPeriods.StartOf(asked, first + opened - 1, cycles, Days);
                cycles.Add(new BillingCycle(BillingPeriods.EndOf(start, cycles, Days) + 1, day, months, isPack ? Pack : 0));
            }

            var names = new HashSet<string>();
            for (var (start, through) = (first + opened, first + 1_500); start <= through;)
            {
                var end = BillingPeriods.EndOf(start, cycles, Days);
                Assert.InRange(end, start, start + 92);
                Assert.True(names.Add(BillingPeriods.NameOf(7, start, end, cycles.FindLast(c => c.FromDay <= start).Family != 0)));
                Assert.All([start, (start + end) / 2, end], day =>
                {
                    Assert.Equal(start, BillingPeriods.StartOf(day, first + opened - 1, cycles, Days));
                    Assert.Equal(start, BillingPeriods.StartOf(day, start - 1, cycles, Days));
                });
                Assert.DoesNotContain(cycles, c => c.FromDay > start && c.FromDay <= end);
                start = end + 1;
            }
        }, iter: PropertyRuns.Of(2_000));
    }

    private static string End(string from, IReadOnlyList<BillingCycle> cycles, Func<int, int, IReadOnlyList<int>>? days = null) =>
        Instants.DayToText(BillingPeriods.EndOf(Given.Day(from), cycles, days ?? Days));

    private static IReadOnlyList<int> Days(int family, int day) => [10, 20, 31];
}
