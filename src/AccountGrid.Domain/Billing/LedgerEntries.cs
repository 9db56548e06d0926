using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Entries of the ledger that events of money make.</summary>
internal static class LedgerEntries
{
    internal static void Write(FoldContext context, AccountState account, AccountEvent happened)
    {
        (EntryKind Kind, long Nano, long Corrects, string? Reference)? entry = happened switch
        {
            PaymentTaken e => (EntryKind.Payment, e.AmountNano, 0, e.Reference),
            PaymentReversed e => (EntryKind.Reversal, -e.AmountNano, e.PaymentPosition, e.Reason),
            RefundPaid e => (EntryKind.Refund, -e.AmountNano, 0, e.Reason),
            BalanceAdjusted e => (EntryKind.Adjustment, e.AmountNano, e.CorrectsPosition ?? 0, e.Reason),
            FeesWaived e => (EntryKind.Waiver, e.AmountNano, 0, e.Reason),
            DebtMoved e => (EntryKind.DebtMoved, e.AmountNano, 0, e.Reason),
            ModeSwitched { MovedNano: > 0 } e => (EntryKind.DebtMoved, e.MovedNano, 0, e.ConsentReference),
            MoneyTransferred { Transfer: var t } => (EntryKind.Transfer, -t.AmountNano, 0, t.Reference),
            TransferReturned e => (EntryKind.Transfer, e.AmountNano, 0, e.Reference),
            CommissionEarned e => (EntryKind.Commission, e.AmountNano, 0, e.Reference),
            InternalMoved e => (e.AmountNano > 0 ? EntryKind.Deposit : EntryKind.Withdrawal, e.AmountNano, 0, e.Reference),
            WrittenOff e => (EntryKind.WriteOff, e.AmountNano, 0, e.Reason),
            _ => null,
        };
        if (entry is { } line)
        {
            context.Moved += new Money(line.Nano);
            context.Effects.Entries.Add(
                new LedgerEntry(context.Position, context.NextSequence(), account.Number, line.Kind, new Money(line.Nano), account.LedgerBalance, context.NowMs,
                    0, line.Corrects, default, line.Reference));
        }
    }
}
