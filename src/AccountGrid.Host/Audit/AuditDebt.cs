namespace AccountGrid.Host.Audit;

/// <summary>A debt agreement: what was moved to it, and what each payment, day or bill must recover of it.</summary>
internal sealed class AuditDebt(AuditedAccount account)
{
    private long _left;
    private int _share;
    private long _perDay;
    private int _throughDay;
    private bool _isDayKnown;
    private long _givenBack;
    private (long Position, long Nano) _atClosing;
    private (long Position, long Most, long Taken, long Later)? _ofPayment;

    public void Move(long nano, int share, long perDay, int today)
    {
        account.Items.CreditLoose(nano, account.FeesFirst(today));
        (_left, _share, _perDay, _throughDay) = (_left + nano, share, perDay, today);
        _isDayKnown = account.OwesByBill;
    }

    /// <summary>The account owes by bill from today on. While it was prepaid, days on which nothing could be recovered left no entry.</summary>
    public void GoToBills(int today)
    {
        if (account.Items.IsPrepaid)
        {
            (_throughDay, _isDayKnown) = (Math.Max(_throughDay, today - 1), false);
        }
    }

    /// <summary>A payment was taken back: what it had paid of the debt must be given back to it.</summary>
    public void GiveBack(long nano) => _givenBack += nano;

    /// <summary>
    /// A prepaid payment gives its share to the debt: of the payment, of what is left of the debt, and of what the payment leaves above zero.
    /// </summary>
    public void BeginShare(long position, long nano)
    {
        if (!account.OwesByBill && _share > 0 && _left > 0)
        {
            _ofPayment = (position, Math.Min(AuditPack.Share(nano, _share), _left), 0, 0);
        }
    }

    /// <summary>Money came after a payment's share was taken, in the same record.</summary>
    public void Later(long nano) => _ofPayment = _ofPayment is { } share ? share with { Later = share.Later + nano } : null;

    /// <summary>Called when the next record's rows begin: by the balance after the payment, less what came after its share.</summary>
    public void EndShare(long position)
    {
        if (_ofPayment is not { } share || share.Position == position)
        {
            return;
        }

        _ofPayment = null;
        if (account.Tables.Balances.TryGetValue(share.Position, out var after))
        {
            var above = after - share.Later + share.Taken;
            account.Same($"recovered of the debt by the payment at {share.Position}", Math.Min(share.Most, Math.Max(0, above)), share.Taken);
        }
    }

    public void Recover(AuditRow row, int today)
    {
        if (row.Nano > 0)
        {
            account.Same($"given back to the debt at {row.Position}", _givenBack, row.Nano);
            (_givenBack, _left) = (0, _left + row.Nano);
            return;
        }

        var nano = -row.Nano;
        _left -= nano;
        if (_left < 0)
        {
            account.Differ($"{AuditedAccount.Text(-_left)} more was recovered of its debt than there was, at {row.Position}");
        }

        if (row.Day == 0)
        {
            RecoverOfPayment(row.Position, nano);
            return;
        }

        Later(-nano);
        if (account.IsClosed)
        {
            account.Same("left of the debt of a closed account", 0, _left);
        }
        else if (_perDay > 0 && row.Day > _throughDay)
        {
            RecoverDay(row.Day, nano);
        }
        else
        {
            _atClosing = (row.Position, nano);
        }

        account.Items.Grow("recovery", nano, account.FeesFirst(today));
    }

    /// <summary>On bills a debt's share is of each bill's amount.</summary>
    public void MeetBill(string name, AuditPack pack, long amount, long position)
    {
        var taken = _atClosing.Position == position ? _atClosing.Nano : 0;
        _atClosing = default;
        if (account.OwesByBill && (taken > 0 || (amount > 0 && _share > 0 && _left > 0)))
        {
            var left = _left + taken;
            var share = Math.Min(AuditPack.Share(amount, _share), left);
            account.Same($"{name}: its share of the debt", share == left ? share : pack.Down(share), taken);
        }
    }

    /// <param name="left">What the account's state says is left, nano.</param>
    public void End(long left)
    {
        account.Same("left of its debt", _left, left);
        account.Same("given back to its debt", _givenBack, 0);
    }

    /// <param name="isDue">The account's check is due: what is missing is on its way.</param>
    public void EndDays(int today, bool isDue)
    {
        if (account.OwesByBill && _isDayKnown && _perDay > 0 && _left > 0 && _throughDay < today - 2 && !isDue)
        {
            account.Differ($"nothing was recovered of its debt since {AuditedAccount.Text(_throughDay)}");
        }
    }

    private void RecoverOfPayment(long position, long nano)
    {
        account.Items.ToDebt(position, nano);
        if (_ofPayment is { } share)
        {
            _ofPayment = share with { Taken = nano };
        }
        else
        {
            account.Differ($"{AuditedAccount.Text(nano)} of the payment at {position} went to a debt without terms");
        }
    }

    private void RecoverDay(int day, long nano)
    {
        var most = Math.Min(_perDay, _left + nano);
        if (account.OwesByBill && _isDayKnown && day != _throughDay + 1)
        {
            account.Differ($"nothing was recovered of its debt on {AuditedAccount.Text(_throughDay + 1)}");
        }

        if (account.OwesByBill ? nano != most : nano > most)
        {
            account.Same($"recovered of its debt on {AuditedAccount.Text(day)}", most, nano);
        }

        (_throughDay, _isDayKnown) = (day, account.OwesByBill);
    }
}
