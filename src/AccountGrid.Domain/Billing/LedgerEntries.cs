using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Entries of the ledger that events of money make.</summary>
internal static class LedgerEntries
{
    internal static void Write(FoldContext context, AccountState account, AccountEvent happened)
    {
        (EntryKind Kind, Money Amount, long Corrects, string? Reference)? entry = happened switch
        {
            PaymentTaken e => (EntryKind.Payment, e.Amount, 0, e.Reference),
            PaymentReversed e => (EntryKind.Reversal, -e.Amount, e.PaymentPosition, e.Reason),
            RefundPaid e => (EntryKind.Refund, -e.Amount, 0, e.Reason),
            BalanceAdjusted e => (EntryKind.Adjustment, e.Amount, e.CorrectsPosition ?? 0, e.Reason),
            FeesWaived e => (EntryKind.Waiver, e.Amount, 0, e.Reason),
            DebtMoved e => (EntryKind.DebtMoved, e.Amount, 0, e.Reason),
            ModeSwitched { Moved.Nano: > 0 } e => (EntryKind.DebtMoved, e.Moved, 0, e.ConsentReference),
            MoneyTransferred { Transfer: var t } => (EntryKind.Transfer, -t.Amount, 0, t.Reference),
            TransferReturned e => (EntryKind.Transfer, e.Amount, 0, e.Reference),
            CommissionEarned e => (EntryKind.Commission, e.Amount, 0, e.Reference),
            InternalMoved e => (e.Amount > Money.Zero ? EntryKind.Deposit : EntryKind.Withdrawal, e.Amount, 0, e.Reference),
            WrittenOff e => (EntryKind.WriteOff, e.Amount, 0, e.Reason),
            _ => null,
        };
        if (entry is { } line)
        {
            context.Moved += line.Amount;
            context.Effects.Entries.Add(
                new LedgerEntry(context.Position, context.NextSequence(), account.Number, line.Kind, line.Amount, account.LedgerBalance, context.NowMs,
                    0, line.Corrects, default, line.Reference));
        }
    }
}
