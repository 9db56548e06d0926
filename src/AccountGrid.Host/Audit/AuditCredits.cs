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
            if (((command as TakePayment)?.Amount.Nano ?? (command as ReceiveTransfer)?.Amount.Nano) is { } payment)
            {
                payments[position] = payment;
            }

            var (account, nano) = command switch
            {
                TakePayment p => (p.Account, p.Amount.Nano),
                ReceiveTransfer t => (t.Account, t.Amount.Nano),
                TransferMoney t => (t.Account, -t.Amount.Nano),
                ReturnTransfer t => (t.Account, t.Amount.Nano),
                MoveInternal m => (m.Account, m.Amount.Nano),
                RefundCredit r => (r.Account, -r.Amount.Nano),
                AdjustBalance a => (a.Account, a.Amount.Nano),
                WaiveFees w => (w.Account, w.Amount.Nano),
                WriteOff w => (w.Account, w.Amount.Nano),
                ReversePayment v => (v.Account, -payments[v.PaymentPosition]),
                _ => (0, 0L),
            };
            credits[account] = credits.GetValueOrDefault(account) + nano;
        }

        return credits;
    }
}
