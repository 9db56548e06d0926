using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.Accounts;

/// <summary>Floats of agents and suspense accounts of channels: what they take, and that money between them and customers is never lost or made.</summary>
public sealed class InternalAccountTests
{
    private const int Float = 11;
    private const int Suspense = 12;

    private readonly FoldHarness _grid = new(2, Given.Flat());

    public InternalAccountTests()
    {
        _grid.Execute(0, Own(Float, AccountKind.Float));
        _grid.Execute(0, Own(Suspense, AccountKind.Suspense));
        _grid.Execute(1, Given.Open(1));
        _grid.Execute(1, Given.Open(2));
    }

    [Fact]
    public void A_sale_is_refused_where_the_float_is_short_and_says_what_is_left()
    {
        _grid.Execute(0, Deposit(Float, "100"));
        Assert.Null(Sell(1, "99.99").Refusal);
        var refused = Sell(1, "0.02").Refusal!;
        Assert.Equal("agent.float_exhausted", refused.Code.Text);
        Assert.Equal("amount: 0.020000000 is more than 0.010000000, what is left of the float.", refused.Detail);
        Assert.Null(Sell(2, "0.01").Refusal);
        Assert.Equal(Nano("0"), _grid.Account(Float).Balance.Nano);
        Assert.Equal(Nano("99.99"), _grid.Account(1).Balance.Nano);
        Assert.Equal(Nano("0.01"), _grid.Account(2).Balance.Nano);
    }

    [Fact]
    public void A_limit_lets_a_float_stand_below_zero_and_no_further()
    {
        _grid.Execute(0, new SetFloatTerms(Float, Given.Amount("50"), 0, "administrator"));
        Assert.Null(Sell(1, "50").Refusal);
        Assert.Equal("amount: 0.010000000 is more than 0.000000000, what is left of the float.", Sell(1, "0.01").Refusal!.Detail);
        _grid.Execute(0, new SetFloatTerms(Float, Money.Zero, 0, "administrator"));
        Assert.Equal("amount: 0.010000000 is more than 0.000000000, what is left of the float.", Sell(1, "0.01").Refusal!.Detail);
        Assert.Equal(Nano("-50"), _grid.Account(Float).Balance.Nano);
    }

    [Theory]
    [InlineData("100", 10_000, "1")]
    [InlineData("100", 12_345, "1.23")]
    [InlineData("1", 5_000, "0.01")]
    [InlineData("1", 4_999, "0")]
    [InlineData("0.01", 100_000, "0")]
    public void A_commission_is_a_share_of_the_sale_in_whole_cents(string amount, int ppm, string commission)
    {
        _grid.Execute(0, Deposit(Float, "1000"));
        _grid.Execute(0, new SetFloatTerms(Float, Money.Zero, ppm, "administrator"));
        Sell(1, amount);
        Assert.Equal(Nano("1000") - Nano(amount) + Nano(commission), _grid.Account(Float).Balance.Nano);
        var entries = _grid[0].Entries.FindAll(e => e.Kind is EntryKind.Transfer or EntryKind.Commission);
        Assert.Equal(-Nano(amount), entries[0].Amount.Nano);
        Assert.Equal(Nano(commission), entries.Skip(1).Sum(e => e.Amount.Nano));
        Assert.Equal(_grid.Account(Float).Balance, entries[^1].Balance);
    }

    [Fact]
    public void What_is_no_customers_account_takes_no_meter_no_customer_and_no_tariff_and_a_customers_account_no_transfer()
    {
        AccountCommand[] refused =
        [
            Given.Pay(Float, "1"), new ReversePayment(Float, 1, null), new RefundCredit(Float, new(1), null), new AdjustBalance(Float, new(1), "x"),
            new ChangeTariff(Float, 1, Given.Day("2026-06-01")),
            new CloseAccount(Float, Given.Day("2026-03-02"), null), new PlaceHold(Float, HoldKind.Dispute, null, "x"),
        ];
        Assert.All(refused, c => Assert.Equal("account.internal", _grid.Execute(0, c).Refusal!.Code.Text));
        Assert.Equal("account.internal", _grid.Execute(0, Given.Meter(7, Float, "2026-03-02T00:00+08:00")).Refusal!.Code.Text);
        var transfer = new TransferMoney(1, Given.Amount("1"), "CNY", 2, 1, "agent", "t", null, "k");
        Assert.Equal("account.not_internal", _grid.Execute(1, transfer).Refusal!.Code.Text);
        Assert.Equal("account.not_internal", _grid.Execute(1, new SetFloatTerms(1, Money.Zero, 0)).Refusal!.Code.Text);
        Assert.Equal("account.internal", _grid.Execute(0, new SetFloatTerms(Suspense, Money.Zero, 0)).Refusal!.Code.Text);
        Assert.Equal("agent.limit_invalid", _grid.Execute(0, new SetFloatTerms(Float, new(-1), 0)).Refusal!.Code.Text);
        Assert.Equal("agent.commission_invalid", _grid.Execute(0, new SetFloatTerms(Float, Money.Zero, 100_001)).Refusal!.Code.Text);
    }

    [Fact]
    public void A_meter_that_is_sent_to_a_float_is_kept_on_no_account()
    {
        _grid.Execute(1, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
        _grid.Execute(1, new ReleaseMeter(7, Float, 0, Given.At("2026-03-03T00:00+08:00"), 0));
        Assert.Empty(_grid.Account(Float).Meters);
    }

    /// <summary>To an account that does not exist, to another float or suspense account, and to an account of another currency.</summary>
    [Theory]
    [InlineData(99, "CNY")]
    [InlineData(Suspense, "CNY")]
    [InlineData(1, "EUR")]
    public void A_transfer_that_is_refused_where_it_went_comes_back_with_its_commission(int to, string currency)
    {
        _grid.Execute(0, Deposit(Float, "1000"));
        _grid.Execute(0, new SetFloatTerms(Float, Money.Zero, 10_000, "administrator"));
        Assert.Null(_grid.Execute(0, new TransferMoney(Float, Given.Amount("100"), currency, to, to == Suspense ? 0 : 1, "agent", "t", null, "k")).Refusal);
        Assert.Equal(Nano("1000"), _grid.Account(Float).Balance.Nano);
        Assert.Equal(
            [EntryKind.Deposit, EntryKind.Transfer, EntryKind.Commission, EntryKind.Transfer, EntryKind.Commission], _grid[0].Entries.Select(e => e.Kind));
    }

    [Fact]
    public void A_reversal_gives_the_float_back_what_the_sale_took()
    {
        _grid.Execute(0, Deposit(Float, "1000"));
        _grid.Execute(0, new SetFloatTerms(Float, Money.Zero, 10_000, "administrator"));
        Sell(1, "100", "t1");
        var payment = _grid[1].Outcomes.Keys.Max();
        _grid.Execute(1, new ReversePayment(1, payment, "operator"));
        Assert.Equal(Nano("1000"), _grid.Account(Float).Balance.Nano);
        Assert.Equal(Nano("0"), _grid.Account(1).Balance.Nano);
        _grid.Execute(1, new ReversePayment(1, payment, "operator"));
        Assert.Equal(Nano("1000"), _grid.Account(Float).Balance.Nano);
    }

    /// <summary>Whoever brings the payment first, the transfer or who waits for its answer, it is taken once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_payment_of_a_transfer_is_taken_once_whoever_appends_it(bool isBefore)
    {
        _grid.Execute(0, Deposit(Float, "1000"));
        var transfer = new TransferMoney(Float, Given.Amount("100"), "CNY", 1, 1, "agent", "t1", null, "k");
        var received = ReceiveTransfer.Of(transfer, AccountKind.Float, 0, Money.Zero);
        void Append() => _grid[1].AppendKeyed(LogRecords.Encode(0, received), "k", received.Hash());
        if (isBefore)
        {
            Append();
        }

        _grid.Execute(0, transfer);
        Append();
        _grid.Settle();
        Assert.Equal(Nano("100"), _grid.Account(1).Balance.Nano);
        Assert.Equal(Nano("900"), _grid.Account(Float).Balance.Nano);
    }

    [Fact]
    public void A_withdrawal_is_at_most_what_the_float_holds_whatever_its_limit()
    {
        _grid.Execute(0, Deposit(Float, "10"));
        _grid.Execute(0, new SetFloatTerms(Float, Given.Amount("50"), 0, "administrator"));
        var refused = _grid.Execute(0, new MoveInternal(Float, -Given.Amount("10.01"), null)).Refusal!;
        Assert.Equal("amount: 10.010000000 is more than 10.000000000, what the account holds.", refused.Detail);
        Assert.Null(_grid.Execute(0, new MoveInternal(Float, -Given.Amount("10"), null)).Refusal);
        Assert.Equal("amount.invalid", _grid.Execute(0, new MoveInternal(Float, Money.Zero, null)).Refusal!.Code.Text);
    }

    [Fact]
    public void A_reversed_payment_that_came_from_suspense_does_not_go_back_there()
    {
        _grid.Execute(0, Deposit(Suspense, "20"));
        _grid.Execute(0, new TransferMoney(Suspense, Given.Amount("20"), "CNY", 1, 1, "bank", "t", null, "k2"));
        _grid.Execute(1, new ReversePayment(1, _grid[1].Outcomes.Keys.Max(), "bounced"));
        Assert.Equal(Nano("0"), _grid.Account(Suspense).Balance.Nano);
        Assert.Equal(Nano("0"), _grid.Account(1).Balance.Nano);
    }

    [Fact]
    public void A_suspense_account_gives_no_more_than_it_holds()
    {
        _grid.Execute(0, Deposit(Suspense, "20"));
        var refused = _grid.Execute(0, new TransferMoney(Suspense, Given.Amount("20.01"), "CNY", 1, 1, "bank", "t", null, "k1")).Refusal!;
        Assert.Equal("suspense.short", refused.Code.Text);
        Assert.Null(_grid.Execute(0, new TransferMoney(Suspense, Given.Amount("20"), "CNY", 1, 1, "bank", "t", null, "k2")).Refusal);
        Assert.Equal(Nano("0"), _grid.Account(Suspense).Balance.Nano);
        Assert.Equal(Nano("20"), _grid.Account(1).Balance.Nano);
    }

    [Fact]
    public void Their_state_survives_a_crash()
    {
        _grid.Execute(0, Deposit(Float, "10"));
        _grid.Execute(0, new SetFloatTerms(Float, Given.Amount("5"), 2_000, "administrator"));
        var before = _grid[0].StateText();
        _grid[0].Flush();
        _grid[0].Crash();
        Assert.Equal(before, _grid[0].StateText());
        Assert.Equal(new InternalAccount(AccountKind.Float, new Money(Nano("5")), 2_000), _grid.Account(Float).Internal);
    }

    /// <summary>
    /// Deposits, withdrawals, sales to accounts that exist and that do not, reversals, new terms and crashes in any order: what was deposited is what the float
    /// and the customers have, less the commissions; and no sale passes the limit.
    /// </summary>
    [Fact]
    public void Float_and_customers_and_commissions_always_add_up()
    {
        var step = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 400], Gen.Int[0, 3]);
        step.List[1, 60].Sample(steps =>
        {
            var grid = new FoldHarness(2, Given.Flat());
            grid.Execute(0, Own(Float, AccountKind.Float));
            grid.Execute(1, Given.Open(1));
            grid.Execute(1, Given.Open(2));
            var (deposited, limit, key, ppm) = (0L, 0L, 0, 0);
            var sold = new List<(int Account, long Position)>();
            foreach (var (what, cents, to) in steps)
            {
                var nano = cents * (Money.NanoPerUnit / 100);
                var before = grid.Account(Float).Balance.Nano;
                switch (what)
                {
                    case 0:
                        deposited += grid.Execute(0, new MoveInternal(Float, new(nano), null)).Amount.Nano;
                        break;
                    case 1:
                        deposited += grid.Execute(0, new MoveInternal(Float, new(-nano), null)).Amount.Nano;
                        break;
                    case 2:
                        (limit, ppm) = (nano, cents * 100);
                        grid.Execute(0, new SetFloatTerms(Float, new(limit), ppm));
                        break;
                    case 3 when sold.Count > 0:
                        var sale = sold[cents % sold.Count];
                        grid.Execute(1, new ReversePayment(sale.Account, sale.Position, "operator"));
                        break;
                    case 4:
                        grid[to % 2].Flush();
                        grid[to % 2].Crash();
                        grid.Settle();
                        break;
                    default:
                        var outcome = grid.Execute(0, new TransferMoney(Float, new(nano), "CNY", to, 1, "agent", "t", null, $"k{key++}"));
                        Assert.Equal(nano > Math.Max(0, before + limit), outcome.Refusal is not null);
                        if (outcome.Accepted && to is 1 or 2)
                        {
                            sold.Add((to, grid[1].Outcomes.Keys.Max()));
                        }

                        break;
                }

                var entries = grid[0].Entries.FindAll(e => e.Account == Float);
                var commissions = entries.Where(e => e.Kind == EntryKind.Commission).Sum(e => e.Amount.Nano);
                Assert.Equal(deposited + commissions, grid.Account(Float).Balance.Nano + grid.Account(1).Balance.Nano + grid.Account(2).Balance.Nano);
                Assert.Equal(grid.Account(Float).Balance.Nano, entries.Sum(e => e.Amount.Nano));
                Assert.True(grid.Account(Float).Balance.Nano >= Math.Min(before, -limit));
            }
        }, iter: PropertyRuns.Of(2_000));
    }

    private static OpenAccount Own(int account, AccountKind kind) => Given.Open(account) with { Kind = kind };

    private static MoveInternal Deposit(int account, string amount) => new(account, Given.Amount(amount), "transfer 1", "clerk");

    private static long Nano(string amount) => Money.TryParse(amount, out var m) ? m.Nano : throw new FormatException(amount);

    private CommandOutcome Sell(int account, string amount, string? txn = null) =>
        _grid.Execute(0, new TransferMoney(Float, Given.Amount(amount), "CNY", account, 1, "agent", txn, null, $"sale:{_grid[0].Outcomes.Count}"));
}
