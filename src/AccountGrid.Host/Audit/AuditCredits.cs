using AccountGrid.Domain.Commands;

namespace AccountGrid.Host.Audit;

/// <summary>What commands moved, by their own words.</summary>
internal static class AuditCredits
{
    /// <summary>Sums of money commands that were carried out, by account.</summary>
    public static Dictionary<int, decimal> Of(AuditLog log, HashSet<long> accepted)
    {
        var credits = new Dictionary<int, decimal>();
        var payments = new Dictionary<long, long>();
        foreach (var (position, command) in log.Commands.Where(c => accepted.Contains(c.Position)))
        {
            if (((command as TakePayment)?.AmountNano ?? (command as ReceiveTransfer)?.AmountNano) is { } payment)
            {
                payments[position] = payment;
            }

            var (account, nano) = command switch
            {
                TakePayment p => (p.Account, p.AmountNano),
                ReceiveTransfer t => (t.Account, t.AmountNano),
                TransferMoney t => (t.Account, -t.AmountNano),
                ReturnTransfer t => (t.Account, t.AmountNano),
                MoveInternal m => (m.Account, m.AmountNano),
                RefundCredit r => (r.Account, -r.AmountNano),
                AdjustBalance a => (a.Account, a.AmountNano),
                WaiveFees w => (w.Account, w.AmountNano),
                WriteOff w => (w.Account, w.AmountNano),
                ReversePayment v => (v.Account, -payments[v.PaymentPosition]),
                _ => (0, 0L),
            };
            credits[account] = credits.GetValueOrDefault(account) + nano;
        }

        return credits;
    }
}
