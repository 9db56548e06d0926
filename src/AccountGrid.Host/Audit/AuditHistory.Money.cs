using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>Payments, what they recover of debts, and late fees.</summary>
internal sealed partial class AuditHistory
{
    private readonly Dictionary<int, long> _fees = [];
    private IReadOnlyList<Instalment> _plan = [];
    private Int128 _planPaid;
    private long _planPosition;
    private int _promiseDay;
    private int _feeDay;
    private long _debt;
    private int _debtShare;
    private long _debtPerDay;
    private int _debtDay;
    private bool _isDebtDayKnown;
    private long _closedAt = -1;
    private long _givenBack;
    private (long Position, long Most, long Taken, long Later)? _share;

    private void Move(AuditRow row, AccountEvent happened, int today)
    {
        if (happened is PaymentTaken payment)
        {
            _payments[row.Position] = payment.AmountNano;
        }
        else if (happened is PaymentReversed reversed)
        {
            Same($"the bounced payment at {reversed.PaymentPosition}", _payments.GetValueOrDefault(reversed.PaymentPosition), reversed.AmountNano);
        }

        if (!_isBilled)
        {
            return;
        }

        var feesFirst = FeesFirst(today);
        switch (happened)
        {
            case PaymentTaken e:
                Credited(e.AmountNano);
                _items.Credit(row.Position, e.AmountNano, feesFirst);
                BeginShare(row.Position, e.AmountNano);
                break;
            case PaymentReversed e:
                Credited(-e.AmountNano, e.PaymentPosition);
                TakeBack(e.PaymentPosition, e.AmountNano, feesFirst);
                break;
            case BalanceAdjusted { AmountNano: > 0, CorrectsPosition: { } corrected } e when OwesByBill:
                Credited(e.AmountNano);
                _items.Correct(corrected, e.AmountNano, feesFirst);
                break;
            case BalanceAdjusted { AmountNano: > 0 } e:
                Credited(e.AmountNano);
                _items.Credit(row.Position, e.AmountNano, feesFirst);
                break;
            case BalanceAdjusted { CorrectsPosition: { } corrected } e:
                Credited(e.AmountNano, corrected);
                TakeBack(corrected, -e.AmountNano, feesFirst);
                break;
            case BalanceAdjusted e:
                _items.Owe("debit", -e.AmountNano, row.Position, 0, feesFirst);
                break;
            case RefundPaid e:
                Credited(-e.AmountNano);
                _items.Owe("refund", e.AmountNano, row.Position, 0, feesFirst);
                break;
            case FeesWaived e:
                _planPaid += e.AmountNano;
                _items.CreditTo(i => i.IsFee, e.AmountNano, feesFirst);
                break;
            case DebtMoved e:
                _planPaid += e.AmountNano;
                MoveToDebt(e.AmountNano, e.ShareBasisPoints, e.PerDayNano, today);
                break;
            case WrittenOff e:
                _planPaid += e.AmountNano;
                _items.CreditLoose(e.AmountNano, feesFirst);
                break;
            case CompensationGiven e:
                _items.CreditLoose(e.AmountNano, feesFirst);
                break;
        }
    }

    /// <param name="takenBack">Position of what is taken back: before the plan it had paid nothing of the plan.</param>
    private void Credited(long nano, long takenBack = long.MaxValue)
    {
        _credited += nano;
        _planPaid += takenBack > _planPosition ? nano : 0;
    }

    private void TakeBack(long position, long nano, bool feesFirst)
    {
        var (_, debt) = _items.TakeBack(position, nano, feesFirst);
        _givenBack += debt;
    }

    private void MoveToDebt(long nano, int share, long perDay, int today)
    {
        _items.CreditLoose(nano, FeesFirst(today));
        (_debt, _debtShare, _debtPerDay, _debtDay) = (_debt + nano, share, perDay, today);
        _isDebtDayKnown = OwesByBill;
    }

    /// <summary>
    /// A prepaid payment gives its share to the debt: of the payment, of what is left of the debt, and of what the payment leaves above zero.
    /// </summary>
    private void BeginShare(long position, long nano)
    {
        if (!OwesByBill && _debtShare > 0 && _debt > 0)
        {
            _share = (position, Math.Min(AuditPack.Share(nano, _debtShare), _debt), 0, 0);
        }
    }

    /// <summary>Called when the next record's rows begin: by the balance after the payment, less what came after its share.</summary>
    private void EndShare(long position)
    {
        if (_share is not { } share || share.Position == position)
        {
            return;
        }

        _share = null;
        if (tables.Balances.TryGetValue(share.Position, out var after))
        {
            var above = after - share.Later + share.Taken;
            Same($"recovered of the debt by the payment at {share.Position}", Math.Min(share.Most, Math.Max(0, above)), share.Taken);
        }
    }

    private void Recover(AuditRow row, int today)
    {
        if (row.Nano > 0)
        {
            Same($"given back to the debt at {row.Position}", _givenBack, row.Nano);
            (_givenBack, _debt) = (0, _debt + row.Nano);
            return;
        }

        var nano = -row.Nano;
        _debt -= nano;
        if (_debt < 0)
        {
            Differences.Add($"account {account}: {Text(-_debt)} more was recovered of its debt than there was, at {row.Position}");
        }

        if (row.Day == 0)
        {
            _items.ToDebt(row.Position, nano);
            if (_share is { } share)
            {
                _share = share with { Taken = nano };
            }
            else
            {
                Differences.Add($"account {account}: {Text(nano)} of the payment at {row.Position} went to a debt without terms");
            }

            return;
        }

        _share = _share is { } of ? of with { Later = of.Later - nano } : null;
        if (_closedAt >= 0)
        {
            Same("left of the debt of a closed account", 0, _debt);
        }
        else if (_debtPerDay > 0 && row.Day > _debtDay)
        {
            RecoverDay(row.Day, nano);
        }
        else
        {
            _atClosing = (row.Position, nano);
        }

        _items.Grow("recovery", nano, FeesFirst(today));
    }

    private void RecoverDay(int day, long nano)
    {
        var most = Math.Min(_debtPerDay, _debt + nano);
        if (OwesByBill && _isDebtDayKnown && day != _debtDay + 1)
        {
            Differences.Add($"account {account}: nothing was recovered of its debt on {Text(_debtDay + 1)}");
        }

        if (OwesByBill ? nano != most : nano > most)
        {
            Same($"recovered of its debt on {Text(day)}", most, nano);
        }

        (_debtDay, _isDebtDayKnown) = (day, OwesByBill);
    }

    /// <summary>Late fees of the days that are over, by what was so at each day's end.</summary>
    private void CountFees(int throughDay)
    {
        for (; _feeDay < throughDay; _feeDay++)
        {
            var day = _feeDay + 1;
            if (OwesByBill && (PackOf(day) ?? PackOf(throughDay + 1)) is { } pack && !IsFree(pack.LateFee, day) && _items.TakeFee(pack, day) is > 0 and var fee)
            {
                _fees[day] = fee;
            }
        }
    }

    private bool IsFree(Domain.Policies.LateFeePolicy fee, int day)
    {
        var keepsPlan = _plan.Count > 0 && _plan.Where(i => i.Day < day).Sum(i => i.AmountNano) <= _planPaid;
        return (keepsPlan && !fee.DuringPlan) || (_promiseDay >= day && !fee.DuringPromise) || (!fee.DuringDispute && _holds.IsDisputed(day, DayOf))
            || _holds.IsCollecting(day, DayOf);
    }

    private void MeetFee(int day, long taken)
    {
        _fees.Remove(day, out var expected);
        Same($"late fee of {Text(day)}", expected, taken);
    }
}
