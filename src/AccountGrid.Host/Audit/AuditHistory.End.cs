using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>What an account's history comes to, against its state.</summary>
internal sealed partial class AuditHistory
{
    /// <param name="nowMs">Latest time in the partition's log.</param>
    public void End(AccountState state, long nowMs)
    {
        EndShare(long.MaxValue);
        EndCredit(long.MaxValue);
        foreach (var (key, _) in _announced.Where(a => a.Value > 0))
        {
            Differences.Add($"account {account}: its event of {Text(key.Nano)} at {key.Position} has no entry {key.Kind}");
        }

        if (Tariffs.Count == 0)
        {
            Differences.Add($"account {account}: no event tells of its opening");
            return;
        }

        if (!_products.Agreed.SequenceEqual(state.Tariffs.Select(t => (t.FromDay, t.Tariff, t.Follows))))
        {
            Differences.Add($"account {account}: its tariffs are not those that its events tell of");
        }

        MeetStanding(state, nowMs);
        if (_isBilled && state.Customer is { } customer)
        {
            MeetCustomer(state, customer, DayOf(nowMs), isDue: state.DueAtMs <= nowMs);
        }
        else if (_isBilled != (state.Customer?.Overdue.BilledThroughDay is > 0))
        {
            Differences.Add($"account {account}: whether it is billed is not what its events tell of");
        }
    }

    /// <summary>
    /// Each local day of the account through yesterday has its standing charge, a closed one's through its last day. An account whose check is due already has
    /// it on its way.
    /// </summary>
    private void MeetStanding(AccountState state, long nowMs)
    {
        var last = _lastDay != int.MaxValue ? _lastDay : state.DueAtMs <= nowMs ? state.StandingThroughDay : DayOf(nowMs) - 1;
        var missing = Enumerable.Range(Math.Max(_openedDay, state.StandingThroughDay + 1),
            Math.Max(0, last - Math.Max(_openedDay - 1, state.StandingThroughDay))).Where(d => StandingOf(d) != 0).ToList();
        if (missing.Count > 0)
        {
            Differences.Add(
                $"account {account}: standing charges of {missing.Count} days from {Text(missing[0])} on, {Text(missing.Sum(StandingOf))} in all, were "
                    + "never taken");
        }

        if (_lastDay != int.MaxValue && state.StandingThroughDay > _lastDay
            && Enumerable.Range(_lastDay + 1, state.StandingThroughDay - _lastDay).Any(d => StandingOf(d) != 0))
        {
            Differences.Add($"account {account}: standing charges were taken through {Text(state.StandingThroughDay)}, its last day is {Text(_lastDay)}");
        }
    }

    private void MeetCustomer(AccountState state, Customer customer, int today, bool isDue)
    {
        var (overdue, book) = (customer.Overdue, customer.Overdue.Book);
        CountFees(overdue.FeeThroughDay);
        foreach (var (day, fee) in _fees)
        {
            Differences.Add($"account {account}: a late fee of {Text(fee)} for {Text(day)} was never taken");
        }

        if (OwesByBill && overdue.FeeThroughDay < today - 2 && _items.Asked > 0 && !isDue)
        {
            Differences.Add($"account {account}: late fees were counted only through {Text(overdue.FeeThroughDay)}");
        }

        Same("asked for and unpaid", _items.Asked, book.AskedNano);
        Same("late fees unpaid", _items.Fees, book.FeesNano);
        Same("unpaid that no bill has asked for", _items.Unasked, book.UnaskedNano);
        Same("paid in advance", _items.Advance, book.AdvanceNano);
        var due = book.Items.Where(i => i.OpenNano > 0).GroupBy(i => i.DueDay).ToDictionary(g => g.Key, g => g.Sum(i => i.OpenNano));
        foreach (var group in _items.Items.Where(i => i.Open > 0).GroupBy(i => i.DueDay))
        {
            Same($"unpaid and due on {Text(group.Key)}", group.Sum(i => i.Open), due.GetValueOrDefault(group.Key));
        }

        Same("left of its debt", _debt, customer.Debt.Left.Nano);
        Same("given back to its debt", _givenBack, 0);
        Same("charged and not billed", _unbilled.Sum(c => c.Nano), (long)overdue.Unbilled.Aggregate(Int128.Zero, (sum, m) => sum + m.Total.Nano));
        Same("left over by rounding bills", _carried, overdue.CarriedNano);
        if (OwesByBill && _isDebtDayKnown && _debtPerDay > 0 && _debt > 0 && _debtDay < today - 2 && !isDue)
        {
            Differences.Add($"account {account}: nothing was recovered of its debt since {Text(_debtDay)}");
        }

        if (state.Mode != _mode || (state.Status == AccountStatus.Closed) != (_lastDay != int.MaxValue))
        {
            Differences.Add($"account {account}: its mode or status is not what its events tell of");
        }
    }
}
