using AccountGrid.Domain.Events;

namespace AccountGrid.Host.Audit;

/// <summary>What events say of money, for the entries that they must have.</summary>
internal static class AuditAmounts
{
    /// <summary>Kind and amount of the event's entry, credit positive, and the position that it corrects; an empty kind is none.</summary>
    public static (string Kind, long Nano, long Corrects) Of(AccountEvent happened) => happened switch
    {
        PaymentTaken e => ("payment", e.Amount.Nano, 0),
        PaymentReversed e => ("reversal", -e.Amount.Nano, e.PaymentPosition),
        RefundPaid e => ("refund", -e.Amount.Nano, 0),
        BalanceAdjusted e => ("adjustment", e.Amount.Nano, e.CorrectsPosition ?? 0),
        FeesWaived e => ("waiver", e.Amount.Nano, 0),
        DebtMoved e => ("debt-moved", e.Amount.Nano, 0),
        ModeSwitched { Moved.Nano: > 0 } e => ("debt-moved", e.Moved.Nano, 0),
        WrittenOff e => ("write-off", e.Amount.Nano, 0),
        DebtRecovered e => ("debt-recovery", -e.Amount.Nano, 0),
        CompensationGiven e => ("compensation", e.Amount.Nano, 0),
        MoneyTransferred e => ("transfer", -e.Transfer.Amount.Nano, 0),
        TransferReturned e => ("transfer", e.Amount.Nano, 0),
        CommissionEarned e => ("commission", e.Amount.Nano, 0),
        InternalMoved e => (e.Amount.Nano > 0 ? "deposit" : "withdrawal", e.Amount.Nano, 0),
        _ => ("", 0, 0),
    };

    /// <summary>Whether an event can only come from a command of the log.</summary>
    public static bool IsOfCommand(AccountEvent happened) => happened is AccountOpened or PaymentTaken or PaymentReversed or RefundPaid or BalanceAdjusted
        or FeesWaived or ReadingDecided or MeterFactsSet or ReadingEstimated or DebtMoved or WrittenOff or ModeSwitched or CustomerSet
        or TariffChanged or HouseholdChanged or AccountClosed or MoneyTransferred or TransferReturned or InternalMoved or FloatTermsSet;
}
