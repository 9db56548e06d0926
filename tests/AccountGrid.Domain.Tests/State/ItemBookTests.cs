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
        book.Credit(1, 0, new(130), new(0), Principal);
        Assert.Equal("Bill 70/100 20; Bill 0/100 10; Fee 5/5 0; Debit 30/30 0", Text(book));
        book.Credit(2, 0, new(72), new(0), Principal);
        Assert.Equal("Bill 0/100 20; Bill 0/100 10; Fee 3/5 0; Debit 30/30 0", Text(book));
        book.Credit(3, 0, new(40), new(0), Principal);
        Assert.Equal("Bill 0/100 20; Bill 0/100 10; Fee 0/5 0; Debit 0/30 0", Text(book));
        Assert.Equal((7, 7), (book.Advance.Nano, book.Net.Nano));
    }

    [Fact]
    public void A_pack_may_have_fees_paid_first()
    {
        var book = Three();
        book.Credit(1, 0, new(8), new(0), AllocationOrder.FeesFirst);
        Assert.Equal("Bill 100/100 20; Bill 97/100 10; Fee 0/5 0; Debit 30/30 0", Text(book));
        Assert.Equal(new Money(200_000_000), Asking.Arrears(Asked(197_000_000, 3_000_000), AllocationOrder.FeesFirst, 2));
        Assert.Equal(new Money(200_000_000), Asking.Arrears(Asked(197_000_000, 3_000_000), Principal, 2));
    }

    /// <summary>
    /// The worked example of docs/billing.md, in hundredths: January's bill, a call-out fee, February's bill, late fees, and a key of 22 March.
    /// </summary>
    [Theory]
    [InlineData(AllocationOrder.PrincipalFirst, "0 0 6000 480 1200", "0 0 0 0 680", "10000 3000 2000 0 680")]
    [InlineData(AllocationOrder.FeesFirst, "0 0 6480 0 1200", "0 0 0 0 680", "10000 3000 1520 480 680")]
    public void The_example_of_the_page_is_so(AllocationOrder order, string first, string second, string bounced)
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, new(10_000), 61, order);
        book.Charge(ItemKind.Debit, new(3_000), 79, order);
        book.Charge(ItemKind.Bill, new(8_000), 79, order);
        book.Grow(ItemKind.Fee, new(480), order);
        book.Charge(ItemKind.Debit, new(1_200), 0, order, position: 7);
        string Open() => string.Join(' ', book.Items.Select(i => i.Open.Nano));
        book.Credit(1, 0, new(15_000), new(0), order);
        Assert.Equal(first, Open());
        book.Credit(2, 0, new(7_000), new(0), order);
        Assert.Equal(second, Open());
        book.TakeBack(1, new(15_000), order);
        Assert.Equal(bounced, Open());
    }

    [Fact]
    public void What_is_taken_back_opens_what_it_paid_and_nothing_else()
    {
        var book = Three();
        book.Credit(1, 0, new(60), new(0), Principal);
        var before = Text(book);
        book.Credit(2, 0, new(143), new(0), Principal);
        Assert.Equal(new TakenBack(new(0), new(143)), book.PaidWith(2, new(143)));
        book.TakeBack(2, new(143), Principal);
        Assert.Equal(before, Text(book));
        Assert.Equal(-175, book.Net.Nano);
    }

    [Fact]
    public void Credit_in_advance_that_is_taken_back_opens_the_later_item_that_it_paid()
    {
        var book = new ItemBook();
        book.Credit(1, 0, new(50), new(0), Principal);
        book.Credit(2, 0, new(50), new(0), Principal);
        book.Charge(ItemKind.Bill, new(80), 10, Principal);
        Assert.Equal((20, "Bill 0/80 10"), (book.Advance.Nano, Text(book)));
        book.TakeBack(1, new(50), Principal);
        Assert.Equal((0, "Bill 30/80 10"), (book.Advance.Nano, Text(book)));
    }

    [Fact]
    public void A_credit_that_is_not_known_any_more_takes_older_advance_and_else_becomes_an_item()
    {
        var book = new ItemBook();
        book.Credit(new(30), Principal);
        book.Credit(7, 0, new(10), new(0), Principal);
        book.TakeBack(3, new(25), Principal);
        Assert.Equal((15, ""), (book.Advance.Nano, Text(book)));
        book.TakeBack(4, new(40), Principal);
        Assert.Equal((0, "Reversal 25/35 0"), (book.Advance.Nano, Text(book)));
    }

    [Fact]
    public void A_part_that_is_taken_back_is_the_unused_one_first_and_then_what_was_paid_last()
    {
        var book = Three();
        book.Credit(1, 0, new(240), new(0), Principal);
        book.TakeBack(1, new(10), Principal);
        Assert.Equal("Bill 0/100 20; Bill 0/100 10; Fee 0/5 0; Debit 5/30 0", Text(book));
        book.TakeBack(1, new(230), Principal);
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
        book.Charge(ItemKind.Debit, new(30), 10, Principal, position: 7);
        book.Credit(8, 0, new(20), new(0), Principal);
        book.Credit(9, 0, new(5), new(0), Principal);
        book.Correct(7, new(nano), Principal);
        Assert.Equal((advance, text, parts),
            (book.Advance.Nano, Text(book), string.Join(' ', book.Credits.Select(c => string.Join(',', c.Parts.Select(p => p.Amount.Nano))))));
        Assert.Equal(book.Advance.Nano, book.Credits.Sum(c => c.Left.Nano));
    }

    [Fact]
    public void What_a_credit_recovered_of_a_debt_comes_back_as_debt()
    {
        var book = new ItemBook();
        book.Credit(1, 0, new(70), new(30), Principal);
        Assert.Equal(new TakenBack(new(30), new(0)), book.PaidWith(1, new(100)));
        book.TakeBack(1, new(100), Principal);
        Assert.Equal((0, 0), (book.Advance.Nano, book.Credits.Count));
    }

    /// <summary>Whoever decides what follows asks before anything is taken back.</summary>
    [Theory]
    [InlineData(10, 0, 0)]
    [InlineData(40, 0, 30)]
    [InlineData(110, 0, 100)]
    [InlineData(125, 15, 100)]
    [InlineData(130, 20, 100)]
    [InlineData(200, 20, 100)]
    public void What_taking_back_will_come_to_is_what_it_comes_to(long nano, long debt, long items)
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, new(70), 10, Principal);
        book.Charge(ItemKind.Bill, new(30), 20, Principal);
        book.Credit(1, 0, new(110), new(20), Principal);
        var back = book.PaidWith(1, new(nano));
        Assert.Equal((debt, items), (back.Debt.Nano, back.Items.Nano));
        book.TakeBack(1, new(nano), Principal);
        var credit = book.Credits.Find(c => c.Position == 1);
        Assert.Equal((20 - debt, 100 - items), (credit?.Debt.Nano ?? 0, credit?.Parts.Sum(p => p.Amount.Nano) ?? 0));
        Assert.Equal(default, book.PaidWith(2, new(nano)));
    }

    [Fact]
    public void What_a_bill_asks_for_has_its_due_day_from_then_on()
    {
        var book = Three();
        Assert.Equal((200, 30), (book.Unpaid.Nano, book.Unasked.Nano));
        book.Ask(40);
        Assert.Equal("Bill 100/100 20; Bill 100/100 10; Fee 5/5 0; Debit 30/30 40", Text(book));
        Assert.Equal((230, 0), (book.Unpaid.Nano, book.Unasked.Nano));
    }

    [Fact]
    public void A_paid_item_is_forgotten_with_the_last_credit_that_paid_it()
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, new(100), 10, Principal);
        book.Credit(1, 500, new(60), new(0), Principal);
        book.Credit(2, 600, new(60), new(0), Principal);
        book.Forget(600);
        Assert.Equal((1, 1), (book.Items.Count, book.Credits.Count));
        book.Forget(601);
        Assert.Equal((0, 0, 20), (book.Items.Count, book.Credits.Count, book.Advance.Nano));
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
        Assert.Equal(taken, new Debt(Of(left), share, Money.Zero, 0).ShareOf(Of(payment), Of(balance)).ToString());

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
                        book.Charge(ItemKind.Bill, new(nano), day, order);
                        net -= nano;
                        break;
                    case 1:
                        book.Charge(ItemKind.Debit, new(nano), 0, order, i);
                        net -= nano;
                        break;
                    case 2:
                        book.Grow(ItemKind.Fee, new(nano), order);
                        net -= nano;
                        break;
                    case 3 when credits.Count > 0:
                        var (position, amount) = credits.ElementAt(day % credits.Count);
                        credits.Remove(position);
                        book.TakeBack(position, new(amount), order);
                        net -= amount;
                        break;
                    default:
                        book.Credit(i, 0, new(nano), new(0), order);
                        credits[i] = nano;
                        net += nano;
                        break;
                }

                Assert.Equal(net, book.Net.Nano);
                Assert.All(book.Items, item => Assert.InRange(item.Open.Nano, 0, item.Amount.Nano));
                Assert.True(book.Advance.Nano == 0 || book.Items.TrueForAll(item => item.Open.Nano == 0));
                Assert.InRange(book.Credits.Sum(c => c.Left.Nano), 0, book.Advance.Nano);
            }

            var (text, advance) = (Text(book), book.Advance.Nano);
            book.Credit(1_000, 0, new(123), new(0), order);
            book.TakeBack(1_000, new(123), order);
            Assert.Equal((text, advance), (Text(book), book.Advance.Nano));
        });
    }

    private static ItemBook Three()
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, new(100), 20, Principal);
        book.Charge(ItemKind.Bill, new(100), 10, Principal);
        book.Grow(ItemKind.Fee, new(5), Principal);
        book.Charge(ItemKind.Debit, new(30), 0, Principal, 9);
        return book;
    }

    private static ItemBook Asked(long bill, long fee)
    {
        var book = new ItemBook();
        book.Charge(ItemKind.Bill, new(bill), 10, Principal);
        book.Grow(ItemKind.Fee, new(fee), Principal);
        return book;
    }

    private static Money Of(string amount) => Money.TryParse(amount, out var money) ? money : throw new FormatException(amount);

    private static string Text(ItemBook book) => string.Join("; ", book.Items.Select(i => $"{i.Kind} {i.Open.Nano}/{i.Amount.Nano} {i.DueDay}"));
}
