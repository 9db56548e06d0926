using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Overdue;

/// <summary>Borders of the rule, each by hand.</summary>
public sealed class LateFeeTests
{
    [Theory]
    [InlineData("2026-03-10", "0.000000000")]
    [InlineData("2026-03-11", "1.000000000")]
    [InlineData("2026-03-12", "1.000000000")]
    [InlineData("2026-03-15", "1.000000000")]
    [InlineData("2026-03-16", "1.200000000")]
    [InlineData("2026-03-20", "2.000000000")]
    public void A_resident_pays_one_in_a_thousand_a_day_after_the_due_day_and_at_least_one_yuan(string through, string fee) =>
        Assert.Equal(fee, Through(State("200", "2026-03-10"), "cn-residential", "2026-03-10", through).ToString());

    [Theory]
    [InlineData("2026-12-31", "22.000000000")]
    [InlineData("2027-01-01", "25.000000000")]
    public void A_business_pays_two_and_for_arrears_carried_over_a_year_end_three(string through, string fee) =>
        Assert.Equal(fee, Through(State("1000", "2026-12-20"), "cn-business", "2026-12-20", through).ToString());

    [Fact]
    public void A_fee_bears_no_fee_and_a_payment_pays_the_bill_first()
    {
        var state = State("200", "2026-03-10");
        var policy = Packs.Get("cn-residential");
        var credit = 0L;
        credit -= LateFee.Take(state, credit, policy, Given.Day("2026-03-11")).Nano;
        Assert.Equal(Money.FromUnits(200).Nano, state.UnpaidNano(credit));
        credit += Money.FromUnits(100).Nano;
        for (var day = "2026-03-12"; day != "2026-03-22"; day = Instants.DayToText(Given.Day(day) + 1))
        {
            credit -= LateFee.Take(state, credit, policy, Given.Day(day)).Nano;
        }

        // One day of 200 and ten of 100, a thousandth each; what is more than the minimum of 1 was booked on top of it.
        Assert.Equal(Money.FromUnits(12).Nano / 10, state.FeesNano);
        credit += Money.FromUnits(100).Nano;
        Assert.Equal(0, state.UnpaidNano(credit));
        Assert.Equal(Money.Zero, LateFee.Take(state, credit, policy, Given.Day("2026-03-22")));
    }

    [Fact]
    public void Payments_pay_the_oldest_bill_first()
    {
        var state = State("200", "2026-03-10");
        state.BilledNano = Money.FromUnits(300).Nano;
        state.Bills.Add(new OpenBill(2, state.BilledNano, Money.FromUnits(100).Nano, Given.Day("2026-04-10"), 0, 0));
        var credit = Money.FromUnits(250).Nano;
        Assert.Equal((0, Money.FromUnits(50).Nano), (state.UnpaidOf(state.Bills[0], credit), state.UnpaidOf(state.Bills[1], credit)));
        Assert.Equal(-5, state.OverdueDays(credit, Given.Day("2026-04-05")));
    }

    [Fact]
    public void Less_than_a_hundredth_is_nothing()
    {
        var state = State("12.345678900", "2026-03-10");
        Assert.Equal(0, state.UnpaidNano(Nano("12.34")));
        Assert.Equal(Money.Zero, LateFee.Take(state, Nano("12.34"), Packs.Get("cn-residential"), Given.Day("2026-03-20")));
    }

    [Fact]
    public void A_bill_that_is_a_credit_lowers_those_before_it()
    {
        var state = State("100", "2026-03-10");
        state.BilledNano = Nano("70");
        state.Lower(Nano("30"));
        state.BilledNano = Nano("120");
        state.Bills.Add(new OpenBill(3, Nano("120"), Nano("50"), Given.Day("2026-05-10"), 0, 0));
        Assert.Equal((Nano("70"), Nano("50")), (state.UnpaidOf(state.Bills[0], 0), state.UnpaidOf(state.Bills[1], 0)));
        Assert.Equal(0, state.UnpaidOf(state.Bills[0], Nano("70")));
    }

    [Fact]
    public void What_is_paid_beyond_the_bills_pays_fees()
    {
        var state = State("100", "2026-03-10");
        var credit = -LateFee.Take(state, 0, Packs.Get("cn-residential"), Given.Day("2026-03-20")).Nano;
        credit += Nano("101");
        state.SettleFees(credit);
        Assert.Equal((0L, 0L), (state.FeesNano, state.UnpaidNano(credit)));
        state.BilledNano += Nano("80");
        Assert.Equal(Nano("80"), state.UnpaidNano(credit));
    }

    [Fact]
    public void A_bill_that_was_paid_by_what_bounced_is_open_again_with_its_due_day()
    {
        var state = State("600", "2026-03-10");
        state.SortBills(Nano("600"));
        Assert.Empty(state.Bills);
        state.SortBills(0);
        Assert.Equal(40, state.OverdueDays(0, Given.Day("2026-04-19")));
        state.SortBills(Nano("600"));
        Assert.Null(state.OverdueDays(Nano("600"), Given.Day("2026-04-19")));
    }

    private static long Nano(string amount) => Money.TryParse(amount, out var money) ? money.Nano : throw new FormatException(amount);

    private static Money Through(OverdueState state, string pack, string from, string through)
    {
        var policy = Packs.Get(pack);
        var sum = Money.Zero;
        for (var day = Given.Day(from); day <= Given.Day(through); day++)
        {
            sum += LateFee.Take(state, -sum.Nano, policy, day);
        }

        return sum;
    }

    private static OverdueState State(string amount, string due)
    {
        var nano = Money.TryParse(amount, out var money) ? money.Nano : throw new FormatException(amount);
        var state = new OverdueState { BilledNano = nano };
        state.Bills.Add(new OpenBill(1, nano, nano, Given.Day(due), 0, 0));
        return state;
    }
}
