using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using CsCheck;

namespace AccountGrid.Domain.Tests.State;

/// <summary>What pays what, and what taking it back opens again. Amounts in whole nano; items are written as kind, open of amount, due day.</summary>
public sealed class ItemBookTests
{
    private const AllocationOrder Principal = AllocationOrder.PrincipalFirst;

    [Fact]
    public void The_oldest_due_day_is_paid_first_then_fees_then_what_no_bill_has_asked_for()
    {
        var book = Three();
        book.Credit(1, 0, 130, 0, Principal);
        Assert.Equal("Bill 70/100 20; Bill 0/100 10; Fee 5/5 0; Debit 30/30 0", Text(book));
        book.Credit(2, 0, 72, 0, Principal);
        Assert.Equal("Bill 0/100 20; Bill 0/100 10; Fee 3/5 0; Debit 30/30 0", Text(book));
        book.Credit(3, 0, 40, 0, Principal);
        Assert.Equal("Bill 0/100 20; Bill 0/100 10; Fee 0/5 0; Debit 0/30 0", Text(book));
        Assert.Equal((7, 7), (book.AdvanceNano, book.NetNano));
    }

    [Fact]
    public void A_pack_may_have_fees_paid_first()
    {
        var book = Three();
        book.Credit(1, 0, 8, 0, AllocationOrder.FeesFirst);
        Assert.Equal("Bill 100/100 20; Bill 97/100 10; Fee 0/5 0; Debit 30/30 0", Text(book));
        Assert.Equal(new Money(200_000_000), Asking.Arrears(Asked(197_000_000, 3_000_000), AllocationOrder.FeesFirst, 2));
        Assert.Equal(new Money(200_000_000), Asking.Arrears(Asked(197_000_000, 3_000_000), Principal, 2));
    }

    [Fact]
    public void What_is_taken_back_opens_what_it_paid_and_nothing_else()
    {
        var book = Three();
        book.Credit(1, 0, 60, 0, Principal);
        var before = Text(book);
        book.Credit(2, 0, 143, 0, Principal);
        Assert.Equal(new TakenBack(0, 143), book.TakeBack(2, 143, Principal));
        Assert.Equal(before, Text(book));
        Assert.Equal(-175, book.NetNano);
    }

    [Fact]
    public void Credit_in_advance_that_is_taken_back_opens_the_later_item_that_it_paid()
    {
        var book = new ItemBook();
        book.Credit(1, 0, 50, 0, Principal);
        book.Credit(2, 0, 50, 0, Principal);
        book.Charge(ItemKind.Bill, 80, 10, Principal);
        Assert.Equal((20, "Bill 0/80 10"), (book.AdvanceNano, Text(book)));
        book.TakeBack(1, 50, Principal);
        Assert.Equal((0, "Bill 30/80 10"), (book.AdvanceNano, Text(book)));
    }

    [Fact]
    public void A_credit_that_is_not_known_any_more_takes_older_advance_and_else_becomes_an_item()
    {
        var book = new ItemBook();
        book.Credit(30, Principal);
        book.Credit(7, 0, 10, 0, Principal);
        book.TakeBack(3, 25, Principal);
        Assert.Equal((15, ""), (book.AdvanceNano, Text(book)));
        book.TakeBack(4, 40, Principal);
        Assert.Equal((0, "Reversal 25/35 0"), (book.AdvanceNano, Text(book)));
    }

    [Fact]
    public void A_part_that_is_taken_back_is_the_unused_one_first_and_then_what_was_paid_last()
    {
        var book = Three();
        book.Credit(1, 0, 240, 0, Principal);
        book.TakeBack(1, 10, Principal);
        Assert.Equal("Bill 0/100 20; Bill 0/100 10; Fee 0/5 0; Debit 5/30 0", Text(book));
        book.TakeBack(1, 230, Principal);
        Assert.Equal("Bill 100/100 20; Bill 100/100 10; Fee 5/5 0; Debit 30/30 0", Text(book));
    }

    /// <summary>
    /// A debit of 30, paid 20 by one credit and 5 by another, is corrected: what is open goes first, then the latest credit has its own back.
    /// </summary>
    [Theory]
    [InlineData(5, 0, "Debit 0/30 10", "20 5")]
    [InlineData(8, 3, "Debit 0/30 10", "20 2")]
    [InlineData(30, 25, "Debit 0/30 10", " ")]
    public void What_is_corrected_was_never_owed_and_what_paid_it_is_unused_again(long nano, long advance, string text, string parts)
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Debit, 30, 10, Principal, position: 7);
        book.Credit(8, 0, 20, 0, Principal);
        book.Credit(9, 0, 5, 0, Principal);
        book.Correct(7, nano, Principal);
        Assert.Equal((advance, text, parts),
            (book.AdvanceNano, Text(book), string.Join(' ', book.Credits.Select(c => string.Join(',', c.Parts.Select(p => p.Nano))))));
        Assert.Equal(book.AdvanceNano, book.Credits.Sum(c => c.LeftNano));
    }

    [Fact]
    public void What_a_credit_recovered_of_a_debt_comes_back_as_debt()
    {
        var book = new ItemBook();
        book.Credit(1, 0, 70, 30, Principal);
        Assert.Equal(new TakenBack(30, 0), book.TakeBack(1, 100, Principal));
        Assert.Equal((0, 0), (book.AdvanceNano, book.Credits.Count));
    }

    [Fact]
    public void What_a_bill_asks_for_has_its_due_day_from_then_on()
    {
        var book = Three();
        Assert.Equal((200, 30), (book.AskedNano, book.UnaskedNano));
        book.Ask(40);
        Assert.Equal("Bill 100/100 20; Bill 100/100 10; Fee 5/5 0; Debit 30/30 40", Text(book));
        Assert.Equal((230, 0), (book.AskedNano, book.UnaskedNano));
    }

    [Fact]
    public void A_paid_item_is_forgotten_with_the_last_credit_that_paid_it()
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, 100, 10, Principal);
        book.Credit(1, 500, 60, 0, Principal);
        book.Credit(2, 600, 60, 0, Principal);
        book.Forget(600);
        Assert.Equal((1, 1), (book.Items.Count, book.Credits.Count));
        book.Forget(601);
        Assert.Equal((0, 0, 20), (book.Items.Count, book.Credits.Count, book.AdvanceNano));
    }

    [Theory]
    [InlineData("100", "40", 2_500, "1000", "25.000000000")]
    [InlineData("100", "10", 2_500, "1000", "10.000000000")]
    [InlineData("100", "0", 2_500, "1000", "0.000000000")]
    [InlineData("100", "-40", 2_500, "1000", "0.000000000")]
    [InlineData("100", "100", 2_500, "5", "5.000000000")]
    [InlineData("100", "100", 10_000, "1000", "100.000000000")]
    [InlineData("100", "100", 0, "1000", "0.000000000")]
    public void A_debt_takes_its_share_of_what_a_payment_leaves_above_zero(string payment, string balance, int share, string left, string taken) =>
        Assert.Equal(taken, Asking.ShareOf(Of(payment), Of(balance), new Debt(Of(left), share, Money.Zero, 0)).ToString());

    [Theory]
    [InlineData("-20", 2, "20.000000000")]
    [InlineData("-19.991", 2, "20.000000000")]
    [InlineData("-19.991", 0, "20.000000000")]
    [InlineData("-19.991", 3, "19.991000000")]
    [InlineData("-0.000000001", 2, "0.010000000")]
    [InlineData("0", 2, "0.000000000")]
    [InlineData("5", 2, "0.000000000")]
    public void A_prepaid_notice_asks_for_what_lifts_the_balance_to_zero(string balance, int digits, string asked) =>
        Assert.Equal(asked, Asking.Prepaid(Of(balance), digits).ToString());

    [Theory]
    [InlineData(9_999_999, "0.000000000")]
    [InlineData(10_000_000, "0.010000000")]
    [InlineData(10_000_001, "0.020000000")]
    public void Less_than_the_smallest_unit_is_nothing(long nano, string asked)
    {
        Assert.Equal(asked, Asking.Bill(Asked(nano, 0), 2).ToString());
        Assert.Equal(asked, Asking.Arrears(Asked(nano, 0), Principal, 2).ToString());
    }

    /// <summary>
    /// Whatever is charged, paid and taken back, in either order: open items are within their amounts, nothing is in advance beside something open, and the
    /// sums agree.
    /// </summary>
    [Fact]
    public void The_book_agrees_with_what_went_through_it_and_taking_the_last_back_is_as_if_it_had_never_come()
    {
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 300], Gen.Int[1, 40]).Array[1, 60].Select(Gen.Bool).Sample((steps, feesFirst) =>
        {
            var (book, order) = (new ItemBook(), feesFirst ? AllocationOrder.FeesFirst : Principal);
            var credits = new Dictionary<long, long>();
            long net = 0;
            for (var i = 0; i < steps.Length; i++)
            {
                var (kind, nano, day) = steps[i];
                switch (kind)
                {
                    case 0:
                        book.Charge(ItemKind.Bill, nano, day, order);
                        net -= nano;
                        break;
                    case 1:
                        book.Charge(ItemKind.Debit, nano, 0, order, i);
                        net -= nano;
                        break;
                    case 2:
                        book.Grow(ItemKind.Fee, nano, order);
                        net -= nano;
                        break;
                    case 3 when credits.Count > 0:
                        var (position, amount) = credits.ElementAt(day % credits.Count);
                        credits.Remove(position);
                        book.TakeBack(position, amount, order);
                        net -= amount;
                        break;
                    default:
                        book.Credit(i, 0, nano, 0, order);
                        credits[i] = nano;
                        net += nano;
                        break;
                }

                Assert.Equal(net, book.NetNano);
                Assert.All(book.Items, item => Assert.InRange(item.OpenNano, 0, item.AmountNano));
                Assert.True(book.AdvanceNano == 0 || book.Items.TrueForAll(item => item.OpenNano == 0));
                Assert.InRange(book.Credits.Sum(c => c.LeftNano), 0, book.AdvanceNano);
            }

            var (text, advance) = (Text(book), book.AdvanceNano);
            book.Credit(1_000, 0, 123, 0, order);
            book.TakeBack(1_000, 123, order);
            Assert.Equal((text, advance), (Text(book), book.AdvanceNano));
        });
    }

    private static ItemBook Three()
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, 100, 20, Principal);
        book.Charge(ItemKind.Bill, 100, 10, Principal);
        book.Grow(ItemKind.Fee, 5, Principal);
        book.Charge(ItemKind.Debit, 30, 0, Principal, 9);
        return book;
    }

    private static ItemBook Asked(long bill, long fee)
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, bill, 10, Principal);
        book.Grow(ItemKind.Fee, fee, Principal);
        return book;
    }

    private static Money Of(string amount) => Money.TryParse(amount, out var money) ? money : throw new FormatException(amount);

    private static string Text(ItemBook book) => string.Join("; ", book.Items.Select(i => $"{i.Kind} {i.OpenNano}/{i.AmountNano} {i.DueDay}"));
}
