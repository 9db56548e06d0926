using AccountGrid.Domain.Billing;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Domain.Accounts;

/// <summary>The periodic check of an account: standing charges, days to close, workflows.</summary>
internal static class AccountCheck
{
    internal static void Run(FoldContext context, int number, long atMs)
    {
        if (context.State.FindAccount(number) is not { } account)
        {
            return;
        }

        PriceUpdates.CarryIn(context, account);
        StandingCharges.Take(context, account, atMs);
        DayClosing.Close(context, account, atMs);
        account.SettleOldPeriods();
        account.Recharge();
        account.DueAtMs = long.MaxValue;
        Workflow.Advance(context, account, atMs);
        var due = StandingCharges.NextMs(account, context.NowMs);
        due = due <= atMs ? atMs + Instants.MsPerDay : due;
        foreach (var meter in account.Lines)
        {
            due = Math.Min(due, DayClosing.NextMs(account, meter, atMs));
        }

        context.State.Schedule(account, due);
        BalanceWatch.Settle(context, account);
    }
}
