using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Billing;

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
        Assert.Equal(fee, Through(Book("200", "2026-03-10"), "cn-residential", "2026-03-10", through).ToString());

    [Theory]
    [InlineData("2026-12-31", "22.000000000")]
    [InlineData("2027-01-01", "25.000000000")]
    public void A_business_pays_two_and_for_arrears_carried_over_a_year_end_three(string through, string fee) =>
        Assert.Equal(fee, Through(Book("1000", "2026-12-20"), "cn-business", "2026-12-20", through).ToString());

    [Fact]
    public void A_fee_bears_no_fee_and_a_payment_pays_the_bill_first()
    {
        var book = Book("200", "2026-03-10");
        var policy = Packs.Get("cn-residential");
        Grow(book, LateFee.Take(book, policy, Given.Day("2026-03-11")));
        Assert.Equal((Nano("200"), Nano("1")), (book.Unpaid.Nano, book.Fees.Nano));
        book.Credit(1, 0, new(Nano("100")), default, AllocationOrder.PrincipalFirst);
        for (var day = "2026-03-12"; day != "2026-03-22"; day = Instants.DayToText(Given.Day(day) + 1))
        {
            Grow(book, LateFee.Take(book, policy, Given.Day(day)));
        }

        // One day of 200 and ten of 100, a thousandth each; what is more than the minimum of 1 was booked on top of it.
        Assert.Equal((Nano("100"), Nano("1.2")), (book.Unpaid.Nano, book.Fees.Nano));
        book.Credit(2, 0, new(Nano("100")), default, AllocationOrder.PrincipalFirst);
        Assert.Equal(0, book.Unpaid.Nano);
        Assert.Equal(Money.Zero, LateFee.Take(book, policy, Given.Day("2026-03-22")));
    }

    [Fact]
    public void Days_of_less_than_a_hundredth_are_carried_until_they_are_one()
    {
        var book = Book("33.33", "2026-03-10");
        var policy = Packs.Get("cn-residential", p => p with { LateFee = p.LateFee with { Minimum = "0" } });
        var taken = Enumerable.Range(1, 6).Select(i => LateFee.Take(book, policy, Given.Day("2026-03-10") + i).ToString()).ToList();
        Assert.Equal(["0.030000000", "0.030000000", "0.030000000", "0.040000000", "0.030000000", "0.030000000"], taken);
    }

    [Theory]
    [InlineData("4.99", "0.000000000")]
    [InlineData("5.00", "1.000000000")]
    public void Arrears_below_the_packs_minimum_bear_no_fee(string unpaid, string fee) =>
        Assert.Equal(fee, LateFee.Take(Book(unpaid, "2026-03-10"), Packs.Get("cn-residential"), Given.Day("2026-03-20")).ToString());

    [Theory]
    [InlineData("JPY", 0, "1.000000000")]
    [InlineData("CNY", 2, "0.120000000")]
    [InlineData("KWD", 3, "0.123000000")]
    public void Fees_are_in_the_currencys_own_digits(string currency, int digits, string fee)
    {
        var policy = Packs.Get("cn-residential", p => p with { Currency = currency, LateFee = p.LateFee with { Minimum = "0" } });
        Assert.Equal(digits, policy.Digits);
        Assert.Equal(fee, LateFee.Take(Book(currency == "JPY" ? "1234" : "123.4", "2026-03-10"), policy, Given.Day("2026-03-11")).ToString());
    }

    private static void Grow(ItemBook book, Money fee)
    {
        if (fee > Money.Zero)
        {
            book.Grow(ItemKind.Fee, fee, AllocationOrder.PrincipalFirst);
        }
    }

    private static long Nano(string amount) => Money.TryParse(amount, out var money) ? money.Nano : throw new FormatException(amount);

    private static Money Through(ItemBook book, string pack, string from, string through)
    {
        var policy = Packs.Get(pack);
        var sum = Money.Zero;
        for (var day = Given.Day(from); day <= Given.Day(through); day++)
        {
            sum += LateFee.Take(book, policy, day);
        }

        return sum;
    }

    /// <summary>Principal that is never paid, while its fees are: their sum is an amount too, and ends.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Fees_of_one_item_end_at_six_billion(long beyond, bool isTaken)
    {
        var book = Book("100", "2026-03-01");
        book.Items[0] = book.Items[0] with
        {
            FeeAccrued = new(AccountBounds.MaxNano + beyond),
            FeeBooked = new(AccountBounds.MaxNano - Money.NanoPerUnit),
        };
        Assert.Equal(isTaken, LateFee.Take(book, Packs.Get("cn-residential"), Given.Day("2026-03-10")) > Money.Zero);
    }

    private static ItemBook Book(string amount, string due)
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, new(Nano(amount)), Given.Day(due), AllocationOrder.PrincipalFirst);
        return book;
    }
}
