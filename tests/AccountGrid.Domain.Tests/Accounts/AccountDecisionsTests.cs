using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Accounts;

public sealed class AccountDecisionsTests
{
    private readonly FoldHarness _grid = new(1, Given.Flat(), Given.Flat("0.70"), Given.Flat(zone: "Europe/Berlin"));

    /// <summary>Each row leaves what the next one starts from.</summary>
    [Fact]
    public void A_life_of_an_account_row_by_row()
    {
        Row(Given.Pay(1, "10"), "account.unknown", null);
        Row(Given.Open(1, tariff: 1), null, "0");
        Row(Given.Open(1, tariff: 2), "account.exists", "0");
        Row(Given.Pay(1, "0"), "amount.invalid", "0");
        Row(Given.Pay(1, "-5"), "amount.invalid", "0");
        Row(Given.Pay(1, "1000000000.000000001"), "amount.invalid", "0");
        var payment = Row(Given.Pay(1, "100"), null, "100");
        Row(new RefundCredit(1, Given.Amount("100.000000001"), null), "refund.exceeds_balance", "100");
        Row(new RefundCredit(1, Given.Amount("30"), null), null, "70");
        Row(new AdjustBalance(1, Given.Amount("-20.5"), "meter reader's error"), null, "49.5");
        Row(new AdjustBalance(1, Money.Zero, "nothing"), "amount.invalid", "49.5");
        Row(new ReversePayment(1, payment + 1, null), "payment.unknown", "49.5");
        Row(new ReversePayment(1, payment, "bounced"), null, "-50.5");
        Row(new ReversePayment(1, payment, "bounced"), "payment.reversed", "-50.5");
        Row(new ChangeTariff(1, 3, Given.Day("2026-06-01")), "tariff.incompatible", "-50.5");
        Row(new ChangeTariff(1, 2, Given.Day("2025-06-01")), "tariff.too_early", "-50.5");
        Row(new ChangeTariff(1, 2, Given.Day("2026-06-01")), null, "-50.5");
        Row(Given.Meter(7, 1, "2026-03-02T00:00+08:00"), null, "-50.5");
        Row(new CloseAccount(1, Given.Day("2026-03-02"), null), "account.has_meters", "-50.5");
        Row(Given.Open(2), null, null);
        Row(new ReleaseMeter(7, 2, 0, Given.At("2026-03-03T00:00+08:00"), 0), null, "-50.5");
        Row(new CloseAccount(1, Given.Day("2026-03-01"), "moved out"), "close.day_invalid", "-50.5");
        Row(new CloseAccount(1, Given.Day("2026-03-03"), "moved out"), "close.day_invalid", "-50.5");
        Row(new CloseAccount(1, Given.Day("2026-03-02"), "moved out"), null, "-50.5");
        Row(new CloseAccount(1, Given.Day("2026-03-02"), "again"), "account.closed", "-50.5");
        Row(Given.Pay(1, "50.5"), null, "0");
        Row(Given.Meter(8, 1, "2026-03-02T00:00+08:00"), "account.closed", "0");
    }

    [Fact]
    public void Every_money_command_is_one_entry_and_entries_sum_to_the_balance()
    {
        _grid.Execute(0, Given.Open(1));
        var payment = _grid.Execute(0, Given.Pay(1, "100")).Position;
        _grid.Execute(0, new RefundCredit(1, Given.Amount("30"), "asked for"));
        _grid.Execute(0, new ReversePayment(1, payment, "bounced"));
        var entries = _grid[0].Entries;
        Assert.Equal([EntryKind.Payment, EntryKind.Refund, EntryKind.Reversal], entries.Select(e => e.Kind));
        Assert.Equal(payment, entries[2].CorrectsPosition);
        Assert.Equal(_grid.Account(1).Balance.Nano, entries.Sum(e => e.Amount.Nano));
        Assert.Equal(entries[^1].Balance, _grid.Account(1).Balance);
    }

    [Fact]
    public void A_correction_names_an_adjustment_of_the_opposite_sign_and_takes_back_no_more_than_it_was()
    {
        Row(Given.Open(1), null, "0");
        var payment = Row(Given.Pay(1, "100"), null, "100");
        var debit = Row(new AdjustBalance(1, Given.Amount("-50"), "call-out"), null, "50");
        Row(Correct("50", payment), "adjustment.unknown", "50");
        Row(Correct("50", debit + 99), "adjustment.unknown", "50");
        Row(Correct("-50", debit), "adjustment.not_corrected", "50");
        Row(Correct("50.01", debit), "adjustment.not_corrected", "50");
        Row(Correct("30", debit), null, "80");
        Row(Correct("20.01", debit), "adjustment.not_corrected", "80");
        var last = Row(Correct("20", debit), null, "100");
        Row(Correct("-20", last), "adjustment.unknown", "100");
        Row(new ReversePayment(1, debit, null), "payment.unknown", "100");
        Assert.Equal(debit, _grid[0].Entries[^1].CorrectsPosition);
        static AdjustBalance Correct(string amount, long position) => new(1, Given.Amount(amount), "taken back", CorrectsPosition: position);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(401, false)]
    public void A_payment_can_be_reversed_for_thirteen_months_however_many_came_since(int days, bool isReversible)
    {
        _grid.Execute(0, Given.Open(1, "2024-12-01"));
        var start = Given.At("2025-01-01T12:00+08:00");
        var first = _grid.Execute(0, Given.Pay(1, "7"), start).Position;
        for (var day = 1; day <= days; day++)
        {
            Assert.True(_grid.Execute(0, Given.Pay(1, "1"), start + (day * Instants.MsPerDay)).Accepted);
        }

        _grid[0].Flush();
        _grid[0].Crash();
        Assert.Equal(isReversible, _grid.Execute(0, new ReversePayment(1, first, "bounced"), start + (days * Instants.MsPerDay)).Accepted);
        Assert.Equal(400 + 1, _grid.Account(1).Movements.Count);
    }

    [Fact]
    public void A_sum_beyond_what_an_account_can_hold_is_refused_not_wrapped()
    {
        _grid.Execute(0, Given.Open(1));
        var refused = 0;
        for (var i = 0; i < 60; i++)
        {
            refused += _grid.Execute(0, new TakePayment(1, AccountDecisions.AmountMax, "bank", null)).Refusal?.Code == "account.limit" ? 1 : 0;
        }

        Assert.True(refused > 0);
        Assert.True(_grid.Account(1).Balance > Money.Zero);
    }

    private long Row(GridCommand command, string? refusal, string? balance)
    {
        var outcome = _grid.Execute(0, command);
        Assert.Equal(refusal, outcome.Refusal?.Code);
        if (balance is not null)
        {
            Assert.Equal(Nano(balance), _grid.Account(1).Balance.Nano);
        }

        return outcome.Position;
    }

    private static long Nano(string text) => Money.TryParse(text, out var m) ? m.Nano : throw new FormatException(text);
}
