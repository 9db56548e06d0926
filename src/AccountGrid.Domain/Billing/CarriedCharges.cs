using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>What periods cost more or less because another one leaves them exported energy, or no longer does.</summary>
internal static class CarriedCharges
{
    /// <summary>Enters what other periods than the day's cost more, each for its last day: it is on that period's bill, or on the next one.</summary>
    internal static void Enter(FoldContext context, AccountState account, List<(ChargePeriod Period, ChargeParts Parts)> others)
    {
        var pending = Sum(others);
        foreach (var (period, parts) in others)
        {
            pending -= parts.Total;
            var day = Math.Min(account.TariffByNumber(period.Tariff).PeriodEndOf(period.StartDay) - 1, account.LastDay);
            context.EnterCharge(account, EntryKind.Correction, day, 0, parts, pending);
            BillPeriods.Add(context, account, day, Energy.Zero, parts, isCorrection: false);
        }
    }

    /// <summary>What is charged in all.</summary>
    internal static WideMoney Sum(List<(ChargePeriod Period, ChargeParts Parts)> others) =>
        others.Aggregate(WideMoney.Zero, (sum, o) => sum + o.Parts.Total);

    /// <summary>Books what an account's closing settles of exported energy that was carried.</summary>
    internal static void Settle(FoldContext context, AccountState account)
    {
        if (account.Periods.FindLast(p => account.TariffByNumber(p.Tariff).Export is { IsNet: true }) is not { } last)
        {
            return;
        }

        List<(ChargePeriod Period, ChargeParts Parts)> others = [];
        var parts = account.BookClosed(last, last.Closed, others);
        others.Add((last, parts));
        Enter(context, account, others);
    }
}
