using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>
/// One account's history, gone through once more from its events and entries: what is owed item by item, debts, late fees, bills, and what each message asked
/// for. The rules are those of docs/domain-rules.md "Accounts and billing" and "Overdue stages" and of the pack; nothing of the fold is called. Here each row
/// is given to the parts that it is about, in their order, and each entry is matched with the event that announced it.
/// </summary>
internal sealed class AuditHistory
{
    private readonly AuditedAccount _account;
    private readonly AuditHolds _holds = new();
    private readonly AuditAgreements _agreements = new();
    private readonly AuditFloat _own = new();
    private readonly AuditContracts _contracts = new();
    private readonly AuditDebt _debt;
    private readonly AuditFees _fees;
    private readonly AuditBilling _billing;
    private readonly AuditPayments _payments;
    private readonly AuditMessages _messages;
    private readonly AuditSupply _supply;
    private readonly Dictionary<(long Position, string Kind, long Nano, long Corrects), int> _announced = [];
    private long _atMs = long.MinValue;
    private long _position = -1;

    public AuditHistory(int account, AuditTables tables)
    {
        _account = new AuditedAccount(account, tables);
        _debt = new AuditDebt(_account);
        _fees = new AuditFees(_account, _agreements, _holds);
        _billing = new AuditBilling(_account, _debt);
        _payments = new AuditPayments(_account, _billing, _agreements, _debt);
        _messages = new AuditMessages(_account);
        _supply = new AuditSupply(_account, _agreements, _holds);
    }

    public List<string> Differences => _account.Differences;

    /// <summary>Money commands that were carried out, by position: what happened and the amount.</summary>
    public Dictionary<long, (string Kind, long Nano)> Moved { get; } = [];

    /// <summary>Events that only a person's command brings, by position.</summary>
    public List<(long Position, string Happened)> Told { get; } = [];

    /// <summary>Positions that events tell of.</summary>
    public HashSet<long> Positions { get; } = [];

    public int Account => _account.Number;

    public void Take(AuditRow row)
    {
        var today = _account.Tariffs.Count > 0 ? _account.DayOf(row.AtMs) : 0;
        _debt.EndShare(row.Position);
        _supply.EndCredit(row.Position);
        if (_account.IsBilled)
        {
            _fees.Count(today - 1);
        }

        MeetTime(row);
        if (row.Event is { } happened)
        {
            Positions.Add(row.Position);
            if (AuditAmounts.IsOfCommand(happened))
            {
                Told.Add((row.Position, happened.GetType().Name));
            }

            Announce(row.Position, happened);
            _account.Differ(_own.Take(happened, row.Position, _account.Ledger, _account.Tariffs.LastOrDefault().Tariff?.Currency));
            Happen(row, happened, today);
            return;
        }

        _account.Ledger += row.Nano;
        _account.Same($"the balance after entry {row.Kind} at {row.Position}", _account.Ledger, row.BalanceNano);
        Enter(row, today);
    }

    /// <summary>What the history comes to, against the account's state.</summary>
    /// <param name="nowMs">Latest time in the partition's log.</param>
    public void End(AccountState state, long nowMs)
    {
        _debt.EndShare(long.MaxValue);
        _supply.EndCredit(long.MaxValue);
        foreach (var (key, _) in _announced.Where(a => a.Value > 0))
        {
            _account.Differ($"its event of {AuditedAccount.Text(key.Nano)} at {key.Position} has no entry {key.Kind}");
        }

        if (_account.Tariffs.Count == 0)
        {
            _account.Differ("no event tells of its opening");
            return;
        }

        if (!_account.Products.Agreed.SequenceEqual(state.Tariffs.Select(t => (t.FromDay, t.Tariff, t.Follows))))
        {
            _account.Differ("its tariffs are not those that its events tell of");
        }

        foreach (var difference in _contracts.Differences(state.Contracted))
        {
            _account.Differ(difference);
        }

        _billing.EndStanding(state, nowMs);
        if (_account.IsBilled && state.Customer is { } customer)
        {
            MeetCustomer(state, customer, _account.DayOf(nowMs), isDue: state.DueAtMs <= nowMs);
        }
        else if (_account.IsBilled != (state.Customer?.Overdue.BilledThroughDay is > 0))
        {
            _account.Differ("whether it is billed is not what its events tell of");
        }
    }

    /// <summary>Rows of one record have one time, and time in a log does not go back.</summary>
    private void MeetTime(AuditRow row)
    {
        if (row.AtMs < _atMs || (row.Position == _position && row.AtMs != _atMs))
        {
            _account.Differ(
                $"its {row.Kind ?? row.Event!.GetType().Name} at {row.Position} has the time {Instants.ToText(row.AtMs)}, and the row "
                    + $"before it {Instants.ToText(_atMs)}");
        }

        (_atMs, _position) = (row.AtMs, row.Position);
    }

    private void Happen(AuditRow row, AccountEvent happened, int today)
    {
        _contracts.Take(happened);
        _holds.Follow(happened);
        _supply.Follow(row, happened, today);
        _agreements.Follow(happened, row.Position);
        switch (happened)
        {
            case AccountOpened e:
                (_account.Mode, _account.OpenedDay) = (e.Mode, e.OpenedDay);
                _billing.Open(e.OpenedDay);
                _account.Differ(_account.Products.Agree(e.OpenedDay, e.Tariff, e.Follows));
                break;
            case TariffChanged e:
                _account.Differ(_account.Products.Agree(e.FromDay, e.Tariff, e.Follows, e.Corrected is not null));
                break;
            case MeterInstalled e when _account.DayOf(e.FromMs) < _account.OpenedDay:
                _account.Differ(
                    $"meter {e.Meter} counts from {Instants.ToText(e.FromMs)}, before the account's first day {AuditedAccount.Text(_account.OpenedDay)}");
                break;
            case CustomerSet e:
                _account.Family = e.PolicyFamily;
                BeginBilling(today);
                break;
            case ModeSwitched e:
                SwitchMode(e, today);
                break;
            case AccountClosed e:
                _account.LastDay = e.LastDay;
                GoToBills(today);
                break;
            case BillingCycleSet e:
                _billing.Change(e, today);
                break;
            case BillClosed e when _account.IsBilled:
                _billing.Close(e, row, today);
                break;
            case StageEntered e when _account.IsBilled:
                _account.Same($"unpaid when its stage became {e.To}", _account.Items.Asked, e.Unpaid.Nano);
                break;
            case NoticeGiven e when _account.IsBilled:
                _messages.Meet(e.Id, e.Kind, row.AtMs, today);
                break;
            case NoticeCompared { Kind: { } kind } e when _account.IsBilled:
                _messages.Meet(e.Id, kind, row.AtMs, today);
                break;
            default:
                _payments.Move(row, happened, today);
                break;
        }
    }

    /// <summary>What billing begins with: the balance so far, in the currency's digits; what is missing is due like a bill.</summary>
    private void BeginBilling(int today)
    {
        if (_account.IsBilled || _account.PackOf(today) is not { } pack)
        {
            return;
        }

        _account.IsBilled = true;
        _account.Items.Loose = pack.Nearest(_account.Ledger);
        _account.Items.IsPrepaid = !_account.OwesByBill;
        _fees.Begin(today);
        _billing.Begin(today, _account.Items.Loose - _account.Ledger);
        GoToBills(today);
    }

    private void GoToBills(int today)
    {
        if (!_account.IsBilled || !_account.OwesByBill)
        {
            return;
        }

        _debt.GoToBills(today);
        _account.Items.IsPrepaid = false;
        if (_account.Items.Loose < 0 && _account.PackOf(today) is { } pack)
        {
            var owed = -_account.Items.Loose;
            _account.Items.Loose = 0;
            _account.Items.Owe("opening", owed, 0, _account.IsClosed ? 0 : pack.DueDay(today), pack.FeesFirst);
        }
    }

    private void SwitchMode(ModeSwitched e, int today)
    {
        _account.Mode = e.To;
        if (!_account.IsBilled)
        {
            return;
        }

        if (e.Moved.Nano > 0)
        {
            _debt.Move(e.Moved.Nano, e.ShareBasisPoints, e.PerDay.Nano, today);
        }

        GoToBills(today);
        if (!_account.OwesByBill)
        {
            _account.Items.Merge();
        }
    }

    /// <summary>Events that move money have an entry each, of their amount; an entry that no event announced is one too many.</summary>
    private void Announce(long position, AccountEvent happened)
    {
        if (AuditAmounts.Of(happened) is not ({ Length: > 0 } kind, var nano, var corrects))
        {
            return;
        }

        _announced[(position, kind, nano, corrects)] = _announced.GetValueOrDefault((position, kind, nano, corrects)) + 1;
        Moved.TryAdd(position, (kind, nano));
    }

    private void Enter(AuditRow row, int today)
    {
        switch (row.Kind)
        {
            case "charge" or "correction" or "standing":
                _billing.Charge(row);
                return;
            case "late-fee":
                _fees.Meet(row.Day, -row.Nano);
                return;
            case "debt-recovery" when _account.IsBilled:
                _debt.Recover(row, today);
                break;
            case "compensation":
                _debt.Later(row.Nano);
                break;
        }

        var key = (row.Position, row.Kind!, row.Nano, row.Corrects);
        if (_announced.GetValueOrDefault(key) == 0)
        {
            _account.Differ(
                $"an entry {row.Kind} of {AuditedAccount.Text(row.Nano)} at "
                    + $"{row.Position}{(row.Corrects == 0 ? "" : $", which corrects {row.Corrects},")} that no event tells of");
            return;
        }

        _announced[key]--;
    }

    private void MeetCustomer(AccountState state, Customer customer, int today, bool isDue)
    {
        var (overdue, book, items) = (customer.Overdue, customer.Overdue.Book, _account.Items);
        _fees.Count(overdue.FeeThroughDay);
        _fees.End();
        if (_account.OwesByBill && overdue.FeeThroughDay < today - 2 && items.Asked > 0 && !isDue)
        {
            _account.Differ($"late fees were counted only through {AuditedAccount.Text(overdue.FeeThroughDay)}");
        }

        _account.Same("asked for and unpaid", items.Asked, book.Unpaid.Nano);
        _account.Same("late fees unpaid", items.Fees, book.Fees.Nano);
        _account.Same("unpaid that no bill has asked for", items.Unasked, book.Unasked.Nano);
        _account.Same("paid in advance", items.Advance, book.Advance.Nano);
        var due = book.Items.Where(i => i.Open > Money.Zero).GroupBy(i => i.DueDay).ToDictionary(g => g.Key, g => g.Sum(i => i.Open.Nano));
        foreach (var group in items.Items.Where(i => i.Open > 0).GroupBy(i => i.DueDay))
        {
            _account.Same($"unpaid and due on {AuditedAccount.Text(group.Key)}", group.Sum(i => i.Open), due.GetValueOrDefault(group.Key));
        }

        _debt.End(customer.Debt.Left.Nano);
        _billing.EndUnbilled(overdue);
        _debt.EndDays(today, isDue);
        _billing.EndPeriods(state, overdue, today, isDue);
        if (state.Mode != _account.Mode || (state.Status == AccountStatus.Closed) != _account.IsClosed)
        {
            _account.Differ("its mode or status is not what its events tell of");
        }
    }
}
