using AccountGrid.Domain.Events;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Figures;

/// <summary>Days at whose end a prepaid balance was below zero, by month.</summary>
public sealed class NegativeMonthTests
{
    [Fact]
    public void Days_below_zero_count_for_their_month_while_the_account_is_prepaid_and_open()
    {
        var account = new FigureAccount { Number = 1 };
        var sums = new FigureSums();
        var day = Given.Day("2026-01-30");
        FigureFold.Happen(account, new AccountOpened("A", 1, PaymentMode.Prepaid, day, 0, false, []), 1, 0, day, "", _ => "CNY", sums);
        FigureFold.Enter(account, EntryKind.Charge, -1, -1, day, sums);
        Assert.True(FigureFold.Close(account, day, sums));
        FigureFold.Enter(account, EntryKind.Payment, 1, 0, day + 1, sums);
        Assert.False(FigureFold.Close(account, day + 1, sums));
        FigureFold.Enter(account, EntryKind.Charge, -5, -5, day + 2, sums);
        Assert.True(FigureFold.Close(account, day + 2, sums));
        Assert.True(FigureFold.Close(account, day + 3, sums));
        Assert.Equal([new(Given.Day("2026-01-01"), 1), new NegativeMonth(Given.Day("2026-02-01"), 2)], account.NegativeMonths);
        FigureFold.Happen(account, new ModeSwitched(PaymentMode.Prepaid, PaymentMode.Postpaid, null, "p", "q"), 9, 0, day + 4, "", _ => "CNY", sums);
        Assert.False(FigureFold.Close(account, day + 4, sums));
        FigureFold.Happen(account, new ModeSwitched(PaymentMode.Postpaid, PaymentMode.Prepaid, "c", "p", "q"), 10, 0, day + 5, "", _ => "CNY", sums);
        FigureFold.Happen(account, new AccountClosed(day + 5, null), 11, 0, day + 5, "", _ => "CNY", sums);
        Assert.False(FigureFold.Close(account, day + 5, sums));
    }

    [Fact]
    public void Only_the_months_that_a_grade_looks_at_are_kept()
    {
        var account = new FigureAccount { Number = 1, IsOpen = true, Mode = PaymentMode.Prepaid, BalanceNano = -1 };
        for (var day = Given.Day("2024-01-01"); day < Given.Day("2026-01-01"); day += 7)
        {
            FigureFold.Close(account, day, new FigureSums());
        }

        Assert.Equal(FigureAccount.NegativeMonthsMax, account.NegativeMonths.Count);
        Assert.Equal(Given.Day("2025-12-01"), account.NegativeMonths[^1].FirstDay);
    }
}
