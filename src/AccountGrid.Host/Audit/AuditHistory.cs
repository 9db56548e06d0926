using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>
/// One account's history, gone through once more from its events and entries: what is owed item by item, debts, late fees, bills, and what each message asked
/// for. The rules are those of DOMAIN.md "Accounts" and "Overdue" and of the pack; nothing of the fold is called.
/// </summary>
internal sealed partial class AuditHistory(int account, AuditTables tables)
{
    private readonly AuditItems _items = new();
    private readonly AuditFloat _own = new();
    private readonly AuditProducts _products = new(tables.Tariffs);
    private readonly Dictionary<(long Position, string Kind, long Nano, long Corrects), int> _announced = [];
    private readonly Dictionary<long, long> _payments = [];
    private PaymentMode _mode;
    private int _family;
    private int _openedDay;
    private int _lastDay = int.MaxValue;
    private bool _isBilled;
    private long _ledger;
    private long _atMs = long.MinValue;
    private long _position = -1;

    public List<string> Differences { get; } = [];

    /// <summary>Money commands that were carried out, by position: what happened and the amount.</summary>
    public Dictionary<long, (string Kind, long Nano)> Moved { get; } = [];

    /// <summary>Events that only a person's command brings, by position.</summary>
    public List<(long Position, string Happened)> Told { get; } = [];

    /// <summary>Positions that events tell of.</summary>
    public HashSet<long> Positions { get; } = [];

    public int Account => account;

    private bool OwesByBill => _mode != PaymentMode.Prepaid || _lastDay != int.MaxValue;

    public void Take(AuditRow row)
    {
        var today = Tariffs.Count > 0 ? DayOf(row.AtMs) : 0;
        EndShare(row.Position);
        EndCredit(row.Position);
        if (_isBilled)
        {
            CountFees(today - 1);
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
            Differences.AddRange(_own.Take(happened, row.Position, _ledger, Tariffs.LastOrDefault().Tariff?.Currency).Select(d => $"account {Account}: {d}"));
            Happen(row, happened, today);
            return;
        }

        _ledger += row.Nano;
        Same($"the balance after entry {row.Kind} at {row.Position}", _ledger, row.BalanceNano);
        Enter(row, today);
    }

    /// <summary>Rows of one record have one time, and time in a log does not go back.</summary>
    private void MeetTime(AuditRow row)
    {
        if (row.AtMs < _atMs || (row.Position == _position && row.AtMs != _atMs))
        {
            Differences.Add(
                $"account {account}: its {row.Kind ?? row.Event!.GetType().Name} at {row.Position} has the time {Instants.ToText(row.AtMs)}, what stands "
                    + $"before it {Instants.ToText(_atMs)}");
        }

        (_atMs, _position) = (row.AtMs, row.Position);
    }

    private List<(DateOnly From, AuditTariff Tariff)> Tariffs => _products.Versions;

    private int DayOf(long ms) => Tariffs[^1].Tariff.At(ms).Day.DayNumber;

    private AuditPack? PackOf(int day) => tables.Packs(_family, day);

    private bool FeesFirst(int day) => PackOf(day)?.FeesFirst ?? false;

    private void Happen(AuditRow row, AccountEvent happened, int today)
    {
        Follow(row, happened, today);
        switch (happened)
        {
            case AccountOpened e:
                (_mode, _openedDay, _standingDay) = (e.Mode, e.OpenedDay, e.OpenedDay - 1);
                Differences.AddRange(_products.Agree(e.OpenedDay, e.Tariff, e.Follows).Select(d => $"account {account}: {d}"));
                break;
            case TariffChanged e:
                Differences.AddRange(_products.Agree(e.FromDay, e.Tariff, e.Follows).Select(d => $"account {account}: {d}"));
                break;
            case MeterInstalled e when DayOf(e.FromMs) < _openedDay:
                Differences.Add(
                    $"account {account}: meter {e.Meter} counts from {Instants.ToText(e.FromMs)}, before the account's first day {Text(_openedDay)}");
                break;
            case CustomerSet e:
                _family = e.PolicyFamily;
                BeginBilling(today);
                break;
            case ModeSwitched e:
                SwitchMode(e, today);
                break;
            case AccountClosed e:
                (_lastDay, _closedAt) = (e.LastDay, row.Position);
                GoToBills(today);
                break;
            case PlanAgreed e:
                (_plan, _planPaid, _planPosition) = (e.Instalments, 0, row.Position);
                break;
            case PlanBroken or PlanFulfilled or PlanCancelled:
                _plan = [];
                break;
            case PaymentPromised e:
                _promiseDay = e.ByDay;
                break;
            case BillClosed e when _isBilled:
                CloseBill(e, row, today);
                break;
            case StageEntered e when _isBilled:
                Same($"unpaid when its stage became {e.To}", _items.Asked, e.UnpaidNano);
                break;
            case NoticeGiven e when _isBilled:
                Word(e.Id, e.Kind, row.AtMs, today);
                break;
            case NoticeCompared { Kind: { } kind } e when _isBilled:
                Word(e.Id, kind, row.AtMs, today);
                break;
            default:
                Move(row, happened, today);
                break;
        }
    }

    /// <summary>What billing begins with: the balance so far, in the currency's digits; what is missing is due like a bill.</summary>
    private void BeginBilling(int today)
    {
        if (_isBilled || PackOf(today) is not { } pack)
        {
            return;
        }

        _isBilled = true;
        _items.Loose = pack.Nearest(_ledger);
        _items.IsPrepaid = !OwesByBill;
        (_carried, _feeDay, _billedDay) = (_items.Loose - _ledger, today - 1, AuditBills.PeriodOf(today, _mode).First - 1);
        GoToBills(today);
    }

    private void GoToBills(int today)
    {
        if (!_isBilled || !OwesByBill)
        {
            return;
        }

        // On a prepaid account days on which nothing could be recovered leave no entry.
        (_debtDay, _isDebtDayKnown) = _items.IsPrepaid ? (Math.Max(_debtDay, today - 1), false) : (_debtDay, _isDebtDayKnown);
        _items.IsPrepaid = false;
        if (_items.Loose < 0 && PackOf(today) is { } pack)
        {
            var owed = -_items.Loose;
            _items.Loose = 0;
            _items.Owe("opening", owed, 0, _lastDay == int.MaxValue ? pack.DueDay(today) : 0, pack.FeesFirst);
        }
    }

    private void SwitchMode(ModeSwitched e, int today)
    {
        _mode = e.To;
        if (!_isBilled)
        {
            return;
        }

        if (e.MovedNano > 0)
        {
            MoveToDebt(e.MovedNano, e.ShareBasisPoints, e.PerDayNano, today);
        }

        GoToBills(today);
        if (!OwesByBill)
        {
            _items.Merge();
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
                Charge(row);
                return;
            case "late-fee":
                MeetFee(row.Day, -row.Nano);
                return;
            case "debt-recovery" when _isBilled:
                Recover(row, today);
                break;
            case "compensation":
                _share = _share is { } share ? share with { Later = share.Later + row.Nano } : null;
                break;
        }

        var key = (row.Position, row.Kind!, row.Nano, row.Corrects);
        if (_announced.GetValueOrDefault(key) == 0)
        {
            Differences.Add(
                $"account {account}: an entry {row.Kind} of {Text(row.Nano)} at "
                    + $"{row.Position}{(row.Corrects == 0 ? "" : $", which corrects {row.Corrects},")} that no event tells of");
            return;
        }

        _announced[key]--;
    }

    private void Same(string what, long expected, long found)
    {
        if (expected != found)
        {
            Differences.Add($"account {account}: {what} must be {Text(expected)} but is {Text(found)}");
        }
    }

    private static string Text(long nano) => new Money(nano).ToString();

    private static string Text(int day) => day == 0 ? "no day" : Instants.DayToText(day);
}
