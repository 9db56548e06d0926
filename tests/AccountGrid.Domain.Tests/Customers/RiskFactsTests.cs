using System.Reflection;
using AccountGrid.Domain.Customers;
using CsCheck;

namespace AccountGrid.Domain.Tests.Customers;

/// <summary>Facts of risk from events: their borders, and that one payment's day matters little.</summary>
public sealed class RiskFactsTests
{
    private static readonly int Today = new DateOnly(2026, 7, 1).DayNumber;
    private static readonly Money Hundred = Money.FromUnits(100);

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly PaymentHistory None = new(Today, Today - 2_000, [], [], [], [], [], [], []);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(-5, 0)]
    public void A_bill_is_late_by_the_days_after_its_due_day(int after, int late) =>
        Assert.Equal(late, new OwedAmount(Today - 40, Hundred, [new(Today - 40 + after, Hundred)]).DaysLate(Today));

    [Fact]
    public void A_bill_is_paid_when_its_parts_reach_its_amount_and_late_until_then()
    {
        var bill = new OwedAmount(Today - 40, Hundred, [new(Today - 10, Money.FromUnits(1)), new(Today - 30, Money.FromUnits(99))]);
        Assert.Equal(30, bill.DaysLate(Today));
        Assert.Equal(22, bill.DaysLate(Today - 18));
        Assert.Null(bill.PaidDay(Today - 10));
        Assert.Equal(Today - 10, bill.PaidDay(Today - 9));
    }

    [Fact]
    public void A_payment_of_the_day_of_evaluation_does_not_count_yet()
    {
        var facts = RiskFactsOf.Of(None with { Bills = [new(Today - 3, Hundred, [new(Today, Hundred)])] });
        Assert.Equal(3m / 12, facts.MeanDaysLate);
        Assert.Equal(0m, RiskFactsOf.Of(None with { Bills = [new(Today, Hundred, [])] }).MeanDaysLate);
    }

    [Theory]
    [InlineData("2025-06-30", 0)]
    [InlineData("2025-07-01", 1)]
    [InlineData("2026-06-30", 1)]
    [InlineData("2026-07-01", 0)]
    public void Twelve_calendar_months_before_the_evaluation_count(string day, int counted)
    {
        var due = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture).DayNumber;
        Assert.Equal(counted, RiskFactsOf.Of(None with { ReturnDays = [due] }).ReturnedPayments);
        Assert.Equal(counted == 1 ? 30m / 12 : 0m, RiskFactsOf.Of(None with { PrepaidMonths = [new(MonthNumber.Of(due), 31)] }).MeanDaysLate);
    }

    [Fact]
    public void Arrears_are_multiples_of_the_mean_monthly_bill_over_their_worst_30_days()
    {
        // 100 in each of twelve months, and 600 of three years ago that was paid 16 days before: 349 days at 3, the cap, though 6 are owed.
        var old = new OwedAmount(Today - 1_000, Money.FromUnits(600), [new(Today - 16, Money.FromUnits(600))]);
        var bills = Enumerable.Range(0, 12).Select(i => OnTime(Today - 15 - (i * 30))).Append(old);
        Assert.Equal(3m, RiskFactsOf.Of(None with { Bills = [.. bills] }).WorstArrears);

        // 15 days of one bill: half of 30 days.
        Assert.Equal(0.5m, RiskFactsOf.Of(None with { Bills = [new(Today - 100, Hundred, [new(Today - 84, Hundred)])] }).WorstArrears);

        // Nothing was billed in the year: any arrears are the worst.
        Assert.Equal(3m, RiskFactsOf.Of(None with { Bills = [new(Today - 1_000, Hundred, [])] }).WorstArrears);
    }

    [Theory]
    [InlineData("2025-12-31", false, false)]
    [InlineData("2025-06-01", false, true)]
    [InlineData("2025-06-01", true, false)]
    [InlineData("2026-01-01", false, false)]
    public void Arrears_of_an_earlier_year_knock_out_unless_an_agreement_is_kept(string due, bool inAgreement, bool isOut)
    {
        var bill = new OwedAmount(DateOnly.Parse(due, System.Globalization.CultureInfo.InvariantCulture).DayNumber, Hundred, [], inAgreement);
        var on = new DateOnly(2026, 1, 30).DayNumber;
        Assert.Equal(isOut, RiskFactsOf.Of(None with { Today = on, Bills = [bill] }).KnockOuts.Contains(KnockOut.OldArrears));
        Assert.Equal(isOut, RiskFactsOf.Of(None with { Today = on, Bills = [bill with { Paid = [new(on - 1, new(Hundred.Nano - 1))] }] }).KnockOuts.Count > 0);
        Assert.Empty(RiskFactsOf.Of(None with { Today = on, Bills = [bill with { Paid = [new(on - 1, Hundred)] }] }).KnockOuts);
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(31, true)]
    public void A_bill_of_last_year_is_old_arrears_after_30_days(int daysLate, bool isOut)
    {
        var due = new DateOnly(2025, 12, 20).DayNumber;
        Assert.Equal(isOut, RiskFactsOf.Of(None with { Today = due + daysLate, Bills = [new(due, Hundred, [])] }).KnockOuts.Count > 0);
    }

    [Fact]
    public void Three_unpaid_months_of_this_year_knock_out_and_three_bills_of_two_months_do_not()
    {
        OwedAmount Unpaid(int month, int day) => new(new DateOnly(2026, month, day).DayNumber, Hundred, []);
        Assert.Equal([KnockOut.ThreeMonthsUnpaid], RiskFactsOf.Of(None with { Bills = [Unpaid(1, 1), Unpaid(3, 1), Unpaid(6, 30)] }).KnockOuts);
        Assert.Empty(RiskFactsOf.Of(None with { Bills = [Unpaid(1, 1), Unpaid(3, 1), Unpaid(3, 30)] }).KnockOuts);
        Assert.Empty(RiskFactsOf.Of(None with { Bills = [Unpaid(1, 1), Unpaid(3, 1), Unpaid(7, 1)] }).KnockOuts);
    }

    [Fact]
    public void A_hazard_counts_until_it_is_remedied()
    {
        var hazard = new RecordedBreach(KnockOut.UnremediedHazard, Today - 10, Today - 1);
        Assert.False(hazard.Counts(Today - 11));
        Assert.True(hazard.Counts(Today - 10));
        Assert.True(hazard.Counts(Today - 2));
        Assert.False(hazard.Counts(Today - 1));
    }

    [Fact]
    public void A_vacant_or_an_unknown_month_is_no_fall_of_use()
    {
        MonthUse Month(int year, int month, long wh, bool vacant = false) => new(new((year * 12) + month - 1), new(wh), vacant);
        List<MonthUse> use = [.. Enumerable.Range(4, 3).SelectMany(m => new[] { Month(2025, m, 1_000), Month(2026, m, 100) })];
        Assert.Equal(0.9m, RiskFactsOf.Of(None with { Use = use }).UseFall);
        Assert.Null(RiskFactsOf.Of(None with { Use = [.. use.Skip(1)] }).UseFall);
        Assert.Null(RiskFactsOf.Of(None with { Use = [.. use.Select(u => u with { IsVacant = u.Month.Value == (2026 * 12) + 4 })] }).UseFall);
        List<MonthUse> more = [.. use.Select(u => u with { Energy = new(u.Energy.Wh * (u.Month.Year == 2026 ? 100 : 1)) })];
        Assert.Equal(0m, RiskFactsOf.Of(None with { Use = more }).UseFall);
    }

    /// <summary>
    /// The bound is 1.83: at most two months' bills move by a day on the scale of 15 days (0.45), three on that of 30 (0.17), the arrears of one day by three
    /// mean bills (0.5), every promise by a day (0.67), and each of four factors is rounded to a hundredth.
    /// </summary>
    [Fact]
    public void One_payment_a_day_earlier_or_later_moves_the_score_by_two_points_at_most()
    {
        var bill = Gen.Select(Gen.Int[1, 400], Gen.Int[1, 500]);
        var payment = Gen.Select(Gen.Int[1, 400], Gen.Int[1, 2_000]);
        Gen.Select(bill.Array[1, 20], payment.Array[1, 12], Gen.Int[0, 1_000], Gen.Bool, Gen.Int[0, 40]).Sample((bills, payments, which, earlier, promised) =>
        {
            var moved = payments.ToArray();
            var i = which % moved.Length;
            moved[i] = (moved[i].Item1 + (earlier ? 1 : -1), moved[i].Item2);
            var difference = Math.Abs(Points(bills, payments, promised) - Points(bills, moved, promised));
            Assert.True(difference <= 2m, $"{difference} points");
        }, iter: PropertyRuns.Of(20_000));
    }

    /// <summary>The customer for whom a day matters most: everything hangs on one payment. Shows that the property above can see a difference.</summary>
    [Fact]
    public void A_day_matters_most_where_one_payment_pays_two_months_and_a_promise()
    {
        (int, int)[] bills = [(92, 100), (105, 500)];
        var difference = Points(bills, [(91, 600)], 0) - Points(bills, [(90, 600)], 0);
        Assert.InRange(Math.Abs(difference), 1.0m, 1.83m);
    }

    [Fact]
    public void A_prepaid_customer_s_payment_a_day_later_moves_the_score_by_less_than_a_point()
    {
        Gen.Select(Gen.Int[1, 20].Array[365, 365], Gen.Select(Gen.Int[1, 364], Gen.Int[1, 300]).Array[1, 20], Gen.Int[0, 100]).Sample((use, payments, which) =>
        {
            var moved = payments.ToArray();
            moved[which % moved.Length].Item1--;
            Assert.True(Math.Abs(PrepaidPoints(use, payments) - PrepaidPoints(use, moved)) <= 1m);
        }, iter: PropertyRuns.Of(3_000));
    }

    [Fact]
    public void Vulnerability_complaints_and_disputes_are_no_inputs_and_a_grade_has_no_say_on_notices()
    {
        string[] barred = ["vulnerab", "complain", "disput", "grievance", "protected", "hold", "age", "household", "class", "segment"];
        Type[] inputs =
        [
            typeof(PaymentHistory), typeof(RiskFacts), typeof(OwedAmount), typeof(PaidPart), typeof(PrepaidMonth), typeof(MonthUse), typeof(RecordedBreach),
        ];
        var names = inputs.SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Select(p => p.Name)
            .Concat(Enum.GetNames<KnockOut>()).ToList();
        Assert.True(names.Count > 25);
        Assert.All(names, n => Assert.DoesNotContain(barred, b => Words(n).Any(w => w.StartsWith(b, StringComparison.OrdinalIgnoreCase))));
        Assert.Equal(
            ["ContactOrder", "FirstShareMin", "InstalmentsMax"],
            typeof(GradeTerms).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Order());
        var deciders = typeof(RiskFacts).Assembly.GetTypes().Where(t => t.Namespace == typeof(Domain.Supply.Interlock).Namespace)
            .Concat([typeof(Domain.Overdue.OverdueLadder), typeof(Domain.Overdue.LadderFacts), typeof(Domain.Events.InterlockFacts)])
            .SelectMany(t => t.GetMethods(All));
        Assert.DoesNotContain(deciders, m => m.ReturnType == typeof(RiskGrade) || m.GetParameters().Any(p => p.ParameterType == typeof(RiskGrade)));
    }

    private static string[] Words(string name) => System.Text.RegularExpressions.Regex.Split(name, "(?=[A-Z])");

    private static OwedAmount OnTime(int due) => new(due, Hundred, [new(due, Hundred)]);

    /// <summary>
    /// Bills and payments as days before the evaluation and units. Payments pay the bill that was due first. Some bills were promised for a later day.
    /// </summary>
    private static decimal Points((int Back, int Units)[] bills, (int Back, int Units)[] payments, int promisedDays)
    {
        var left = payments.OrderByDescending(p => p.Back).Select(p => (Day: Today - p.Back, Left: Money.FromUnits(p.Units))).ToList();
        var owed = new List<OwedAmount>();
        foreach (var (back, units) in bills.OrderByDescending(b => b.Back))
        {
            var parts = new List<PaidPart>();
            var open = Money.FromUnits(units);
            while (open > Money.Zero && left.Count > 0)
            {
                var part = open < left[0].Left ? open : left[0].Left;
                parts.Add(new(left[0].Day, part));
                open -= part;
                left[0] = (left[0].Day, left[0].Left - part);
                if (left[0].Left == Money.Zero)
                {
                    left.RemoveAt(0);
                }
            }

            owed.Add(new(Today - back, Money.FromUnits(units), parts));
        }

        var promises = owed.Where((_, i) => i % 3 == 0).Select(b => b with { DueDay = b.DueDay + promisedDays });
        return RiskScoring.Of(RiskFactsOf.Of(None with { Bills = owed, Promises = [.. promises] })).Points;
    }

    private static decimal PrepaidPoints(int[] use, (int Back, int Units)[] payments)
    {
        var balance = 0;
        var months = new Dictionary<MonthNumber, int>();
        for (var day = Today - use.Length; day < Today; day++)
        {
            balance += payments.Where(p => Today - p.Back == day).Sum(p => p.Units) - use[day - Today + use.Length];
            months[MonthNumber.Of(day)] = months.GetValueOrDefault(MonthNumber.Of(day)) + (balance < 0 ? 1 : 0);
        }

        return RiskScoring.Of(RiskFactsOf.Of(None with { PrepaidMonths = [.. months.Select(m => new PrepaidMonth(m.Key, m.Value))] })).Points;
    }
}
