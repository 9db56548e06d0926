using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.LowBalance;

/// <summary>What follows from a changed balance: levels, and since when it is below zero.</summary>
internal static class BalanceWatch
{
    /// <summary>Since when the balance is below zero, and since when emergency credit is used up.</summary>
    internal static void Follow(FoldContext context, AccountState account, long atMs)
    {
        var customer = account.Customer!;
        if (account.Mode != PaymentMode.Prepaid || account.Status == AccountStatus.Closed || account.Balance.Nano >= 0)
        {
            if (customer.NegativeSinceMs != 0)
            {
                // Whatever lifted it, a payment or a correction: somebody may be waiting without supply.
                context.State.Schedule(account, context.NowMs);
                customer.Overdue.WelfareVisited &= account.Mode != PaymentMode.Prepaid;
                customer.Overdue.AuthorityInformed &= account.Mode != PaymentMode.Prepaid;
                customer.Supply.AskedAuthority = false;
            }

            (customer.NegativeSinceMs, customer.CreditUsedMs, customer.WaitFromMs) = (0, 0, 0);
            return;
        }

        if (customer.NegativeSinceMs == 0)
        {
            customer.NegativeSinceMs = atMs;
            context.State.Schedule(account, context.NowMs);
        }

        // What is paid back of emergency credit is there again: the wait begins anew when it is used up again.
        var isUsed = context.PolicyOf(account, atMs) is { } policy && policy.EmergencyCredit > Money.Zero && account.Balance < -policy.EmergencyCredit;
        if (isUsed != (customer.CreditUsedMs != 0))
        {
            customer.CreditUsedMs = isUsed ? atMs : 0;
            context.State.Schedule(account, context.NowMs);
        }
    }

    /// <summary>The end of whatever changed an account: charge, levels, next check, version.</summary>
    internal static void Settle(FoldContext context, AccountState account)
    {
        account.Recharge();
        context.State.Touch(account, context.Position);
        if (context.IsReceiving)
        {
            return;
        }

        var balance = account.Balance;
        if (account.Levels.Crossed(balance, out var level))
        {
            LowBalanceNotices.Warn(context, account, level, balance);
        }

        if (account.Customer is not null)
        {
            Follow(context, account, context.NowMs);
        }
    }
}
