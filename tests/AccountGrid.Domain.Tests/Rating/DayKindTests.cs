using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;
using CsCheck;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Rules for weekdays, beside those for workdays, weekends and holidays.</summary>
public sealed class DayKindTests
{
    private static readonly string[] Names = ["workday", "weekend", "holiday", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>
    /// Of 2026: Tuesday 17 February is a holiday, Saturday 14 February a moved workday. The holiday is no Tuesday; the moved workday is a Saturday and a
    /// workday, and no weekend.
    /// </summary>
    [Theory]
    [InlineData("2026-02-16", "mon", true)]
    [InlineData("2026-02-16", "tue", false)]
    [InlineData("2026-02-17", "tue", false)]
    [InlineData("2026-02-17", "workday", false)]
    [InlineData("2026-02-17", "holiday", true)]
    [InlineData("2026-02-24", "tue", true)]
    [InlineData("2026-02-14", "sat", true)]
    [InlineData("2026-02-14", "workday", true)]
    [InlineData("2026-02-14", "weekend", false)]
    [InlineData("2026-02-21", "sat", true)]
    [InlineData("2026-02-21", "weekend", true)]
    [InlineData("2026-02-21", "workday", false)]
    [InlineData("2026-02-22", "sun", true)]
    [InlineData("2026-02-22", "sat", false)]
    [InlineData("2026-02-22", "fri sun", true)]
    [InlineData("2026-02-20", "fri sun", true)]
    [InlineData("2026-02-19", "fri sun", false)]
    public void A_day_is_of_the_weekday_and_kind_that_it_is(string day, string names, bool holds)
    {
        var (tariff, _) = TariffCompiler.Compile(1, Of(new RateRule { Rate = "named", Days = names.Split(' ') }));
        Assert.Equal(holds ? 1 : 0, tariff!.PlanOf(Given.Day(day)).RateOf(0));
    }

    [Fact]
    public void A_week_of_free_sundays_and_dear_fridays_is_charged_by_its_days()
    {
        // 10 kWh a day from Monday 2 March 2026: Monday to Thursday and Saturday at 0.50 are 5 × 5 = 25; Friday at 0.80 is 8; Sunday at 0 is nothing: 33.
        var grid = new FoldHarness(1, Given.Tariff("Asia/Shanghai", ("flat", "0.50"), ("friday", "0.80"), ("free", "0")) with
        {
            Schedule = [new RateRule { Rate = "friday", Days = ["fri"] }, new RateRule { Rate = "free", Days = ["sun"] }],
        });
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
        for (var day = 3; day <= 9; day++)
        {
            grid[0].Append(0, Given.Reading(7, $"2026-03-{day:00}T00:00+08:00", (day - 2) * 10_000));
        }

        grid.Settle();
        Assert.Equal("-33.000000000", grid.Account(1).Balance.ToString());
    }

    [Theory]
    [InlineData("sat sun", "weekend", true)]
    [InlineData("weekend", "sat sun", false)] // A Saturday that is worked is left.
    [InlineData("mon tue wed thu fri", "workday", false)]
    [InlineData("workday weekend", "mon", true)]
    [InlineData("workday weekend", "mon holiday", false)]
    [InlineData("mon tue wed thu fri sat sun holiday", "", true)]
    public void A_rule_that_an_earlier_one_covers_by_its_days_is_refused(string earlier, string later, bool isRefused)
    {
        var (tariff, refusal) = TariffCompiler.Compile(1, Of(Rule(earlier, "00:00"), Rule(later, "08:00")));
        Assert.Equal(isRefused, tariff is null);
        Assert.Equal(isRefused, refusal?.Detail.StartsWith("schedule[1]", StringComparison.Ordinal) == true);

        static RateRule Rule(string days, string from) => new() { Rate = "named", From = from, Days = days.Split(' ', StringSplitOptions.RemoveEmptyEntries) };
    }

    [Theory]
    [InlineData("2026-02-16", "2026-02-17")]
    [InlineData("2026-02-17", null)]
    [InlineData("2027-12-31", null)]
    public void The_last_day_that_lists_cover_is_no_earlier_than_what_they_list(string until, string? right)
    {
        var tariff = Of() with { Calendar = Calendar with { Until = DateOnly.FromDayNumber(Given.Day(until)) } };
        var refusal = TariffCompiler.Compile(1, tariff).Refusal;
        Assert.Equal(right is null ? null : $"calendar.until: '{until}' is not {right}, the last day that is listed, or later.", refusal?.Detail);
        Assert.Equal(Given.Day(until), CalendarCoverage.LastDayOf(tariff.Calendar)!.Value.DayNumber);
    }

    /// <summary>Rules of any days, lists of any days: the audit, which shares the definition only, finds the same rate on every day.</summary>
    [Fact]
    public void The_audit_finds_the_same_rate() =>
        Gen.Select(Gen.Int[0, Names.Length - 1].Array[0, 5].Array[1, 4], Gen.Int[0, 364].Array[0, 20], Gen.Int[0, 364].Array[0, 20])
            .Sample((rules, holidays, moved) =>
        {
            var definition = Given.Tariff("Asia/Shanghai", ("0", "1"), ("1", "1"), ("2", "1"), ("3", "1"), ("4", "1")) with
            {
                Schedule = [.. rules.Select((r, i) => new RateRule { Rate = $"{i + 1}", Days = [.. r.Select(n => Names[n])] })],
                Calendar = new CalendarDefinition { Holidays = [.. holidays.Select(Day)], MovedWorkdays = [.. moved.Select(Day)] },
            };
            if (TariffCompiler.Compile(1, definition).Tariff is not { } tariff)
            {
                return;
            }

            var audit = new AuditTariff(1, definition);
            for (var day = Given.Day("2026-01-01"); day < Given.Day("2027-01-10"); day++)
            {
                var plan = tariff.PlanOf(day);
                Assert.Equal(audit.At(plan.StartMs).Rate, plan.RateOf(0));
            }

            static DateOnly Day(int n) => new DateOnly(2026, 1, 1).AddDays(n);
        }, iter: PropertyRuns.Of(100));

    private static readonly CalendarDefinition Calendar =
        new() { Holidays = [new DateOnly(2026, 2, 17)], MovedWorkdays = [new DateOnly(2026, 2, 14)] };

    private static TariffDefinition Of(params RateRule[] rules) =>
        Given.Tariff("Asia/Shanghai", ("flat", "0.50"), ("named", "0.80")) with { Calendar = Calendar, Schedule = rules };
}
