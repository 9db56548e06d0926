using AccountGrid.Domain.Events;

namespace AccountGrid.Host.Audit;

/// <summary>Money that people moved: what each event pays of items, plan and debt, and what a reversal takes back.</summary>
internal sealed class AuditPayments(AuditedAccount account, AuditBilling billing, AuditAgreements agreements, AuditDebt debt)
{
    private readonly Dictionary<long, long> _payments = [];

    public void Move(AuditRow row, AccountEvent happened, int today)
    {
        MeetReversal(row, happened);
        if (!account.IsBilled)
        {
            return;
        }

        var feesFirst = account.FeesFirst(today);
        switch (happened)
        {
            case PaymentTaken e:
                Credited(e.Amount.Nano);
                account.Items.Credit(row.Position, e.Amount.Nano, feesFirst);
                debt.BeginShare(row.Position, e.Amount.Nano);
                break;
            case PaymentReversed e:
                Credited(-e.Amount.Nano, e.PaymentPosition);
                TakeBack(e.PaymentPosition, e.Amount.Nano, feesFirst);
                break;
            case BalanceAdjusted e:
                Adjust(row, e, feesFirst);
                break;
            case RefundPaid e:
                Credited(-e.Amount.Nano);
                account.Items.Owe("refund", e.Amount.Nano, row.Position, 0, feesFirst);
                break;
            case FeesWaived e:
                agreements.Pay(e.Amount.Nano);
                account.Items.CreditTo(i => i.IsFee, e.Amount.Nano, feesFirst);
                break;
            case DebtMoved e:
                agreements.Pay(e.Amount.Nano);
                debt.Move(e.Amount.Nano, e.ShareBasisPoints, e.PerDay.Nano, today);
                break;
            case WrittenOff e:
                agreements.Pay(e.Amount.Nano);
                account.Items.CreditLoose(e.Amount.Nano, feesFirst);
                break;
            case CompensationGiven e:
                account.Items.CreditLoose(e.Amount.Nano, feesFirst);
                break;
        }
    }

    private void Adjust(AuditRow row, BalanceAdjusted adjusted, bool feesFirst)
    {
        switch (adjusted)
        {
            case { Amount.Nano: > 0, CorrectsPosition: { } corrected } e when account.OwesByBill:
                Credited(e.Amount.Nano);
                account.Items.Correct(corrected, e.Amount.Nano, feesFirst);
                break;
            case { Amount.Nano: > 0 } e:
                Credited(e.Amount.Nano);
                account.Items.Credit(row.Position, e.Amount.Nano, feesFirst);
                break;
            case { CorrectsPosition: { } corrected } e:
                Credited(e.Amount.Nano, corrected);
                TakeBack(corrected, -e.Amount.Nano, feesFirst);
                break;
            default:
                account.Items.Owe("debit", -adjusted.Amount.Nano, row.Position, 0, feesFirst);
                break;
        }
    }

    private void MeetReversal(AuditRow row, AccountEvent happened)
    {
        if (happened is PaymentTaken payment)
        {
            _payments[row.Position] = payment.Amount.Nano;
        }
        else if (happened is PaymentReversed reversed)
        {
            account.Same($"the bounced payment at {reversed.PaymentPosition}", _payments.GetValueOrDefault(reversed.PaymentPosition), reversed.Amount.Nano);
        }
    }

    /// <param name="takenBack">Position of what is taken back; what was credited takes nothing back.</param>
    private void Credited(long nano, long takenBack = long.MaxValue)
    {
        billing.Credit(nano);
        agreements.Pay(nano, takenBack);
    }

    private void TakeBack(long position, long nano, bool feesFirst) => debt.GiveBack(account.Items.TakeBack(position, nano, feesFirst).Debt);
}
