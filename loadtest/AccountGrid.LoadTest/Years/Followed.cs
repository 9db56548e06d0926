using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>What one account on bills owes, its plan and its promise, moved on by what happened, one thing after the other.</summary>
internal sealed class Followed(AccountRecord record)
{
    private readonly List<Paid> _credits = [];
    private readonly Owed _openFees = new(0, 0, 0);
    private long _advance;
    private int _feeDay = int.MinValue;
    private bool _isPrepaid;
    private Owed? _debtParts;

    /// <summary>Bills, debits beside them, parts of a debt that fell due, and what was taken back; late fees are apart.</summary>
    public List<Owed> Items { get; } = [];

    /// <summary>Late fees so far, nano.</summary>
    public long Fees { get; private set; }

    /// <summary>Unpaid of them, nano.</summary>
    public long OpenFees => _openFees.Open;

    /// <summary>Unpaid of what was asked for, late fees left out, nano.</summary>
    public long Asked => Items.Where(i => i.DueDay != 0).Sum(i => i.Open);

    /// <summary>Unpaid of what was asked for and is due by a day, nano.</summary>
    public long DueBy(int day) => Items.Where(i => i.DueDay != 0 && i.DueDay <= day).Sum(i => i.Open);

    /// <summary>Last day of the promise to pay.</summary>
    public int Promise { get; private set; }

    public Agreed? Plan { get; private set; }

    public List<string> Wrong { get; } = [];

    public void Take(AccountEvent happened, long position, int day)
    {
        if (_isPrepaid && happened is not (PaymentPromised or PlanCancelled))
        {
            return;
        }

        switch (happened)
        {
            case ModeSwitched:
                GoToPrepaid();
                return;
            case BillClosed bill:
                Bill(bill);
                break;
            case PaymentTaken e:
                Credit(position, e.Amount.Nano);
                break;
            case BalanceAdjusted { Amount.Nano: > 0, CorrectsPosition: { } corrected } e:
                Forgive(corrected, e.Amount.Nano);
                break;
            case BalanceAdjusted { Amount.Nano: > 0 } e:
                Credit(position, e.Amount.Nano);
                break;
            case BalanceAdjusted { CorrectsPosition: { } corrected } e:
                TakeBack(corrected, -e.Amount.Nano, position);
                break;
            case BalanceAdjusted e:
                Items.Add(new Owed(-e.Amount.Nano, 0, position));
                break;
            case PaymentReversed e:
                TakeBack(e.PaymentPosition, e.Amount.Nano, position);
                break;
            case DebtRecovered e:
                FallDue(e.Amount.Nano, position);
                break;
            case DebtMoved e:
                Plan?.Pay(e.Amount.Nano);
                _advance += e.Amount.Nano;
                break;
            case CompensationGiven e:
                _advance += e.Amount.Nano;
                break;
            case FeesWaived e:
                Plan?.Pay(e.Amount.Nano);
                _advance += e.Amount.Nano - _openFees.Pay(e.Amount.Nano);
                break;
            case PlanAgreed e:
                Plan = new Agreed(e.Instalments, position);
                break;
            case PlanBroken or PlanFulfilled or PlanCancelled:
                End(happened, day);
                break;
            case PaymentPromised e:
                Promise = e.ByDay;
                break;
        }

        Allocate();
    }

    /// <summary>What a payment has paid of items, nano: at the change to prepaid, what of it is no part of the balance.</summary>
    public long PaidBy(long position) => _credits.Find(c => c.Position == position)?.Parts.Sum(p => p.Nano) ?? 0;

    /// <summary>Counts the fees of every day up to one.</summary>
    public void Pass(int through)
    {
        if (_isPrepaid)
        {
            return;
        }

        for (var day = _feeDay == int.MinValue ? through : _feeDay + 1; day <= through; day++)
        {
            var late = Items.Where(b => b.DueDay != 0 && b.DueDay < day).Sum(b => b.Open);
            if (late == 0 || late < NaiveAccount.Nano(record.Pack.Billing.ArrearsMinimum) || IsFree(day))
            {
                continue;
            }

            foreach (var item in Items.Where(b => b.DueDay != 0 && day > b.DueDay))
            {
                var fee = item.FeeOf(day, record.Pack.LateFee, record.Person.UnitNano);
                _openFees.Add(fee);
                Fees += fee;
            }
        }

        _feeDay = Math.Max(_feeDay, through);
        Allocate();
    }

    /// <summary>
    /// A bill asks for its charges and for every debit that none has asked for; one that is a credit pays. (DOMAIN, accounts: each item has its due date.)
    /// </summary>
    private void Bill(BillClosed bill)
    {
        if (bill.Amount.Nano > 0)
        {
            Items.Add(new Owed(bill.Amount.Nano, bill.DueDay, 0));
        }
        else
        {
            _advance -= bill.Amount.Nano;
        }

        Allocate();
        foreach (var item in Items.Where(i => i.DueDay == 0))
        {
            item.DueDay = bill.DueDay;
        }
    }

    /// <summary>Nothing is owed on bills any more: it was paid, or is in a debt agreement. (DOMAIN, accounts.) A plan ends with an event of its own.</summary>
    private void GoToPrepaid()
    {
        _isPrepaid = true;
        _advance = 0;
        Items.Clear();
        _openFees.Pay(_openFees.Open);
        if (Plan is not null)
        {
            Wrong.Add("a plan was forgotten at the change to prepaid");
        }
    }

    /// <summary>
    /// Parts of a debt that fall due before a bill are one item of it. What was settled by money that cannot be taken back, as by another debt, is over, and a
    /// later part is another item. (DOMAIN, accounts: an item has its own due date; the least fee is for an item.)
    /// </summary>
    private void FallDue(long nano, long position)
    {
        if (_debtParts is not { DueDay: 0 } || (_debtParts.Open == 0 && !_credits.Exists(c => c.Parts.Exists(p => p.Item == _debtParts && p.Nano > 0))))
        {
            Items.Add(_debtParts = new Owed(0, 0, position));
        }

        _debtParts.Add(nano);
    }

    private void Credit(long position, long nano)
    {
        _credits.Add(new Paid(position) { Left = nano });
        _advance += nano;
        Plan?.Pay(nano);
    }

    /// <summary>
    /// A debit that is taken back is owed no more, and what had paid it, the latest credit first, pays what else is open. (DOMAIN: a correction names the entry
    /// that it corrects; a bounce takes back exactly what was paid.)
    /// </summary>
    private void Forgive(long corrected, long nano)
    {
        Plan?.Pay(nano);
        _advance += nano;
        if (Items.Find(i => i.Position == corrected) is not { } wrong)
        {
            return;
        }

        var open = wrong.Pay(nano);
        (_advance, nano) = (_advance - open, nano - open);
        foreach (var credit in Enumerable.Reverse(_credits))
        {
            for (var i = credit.Parts.Count - 1; i >= 0 && nano > 0; i--)
            {
                if (credit.Parts[i].Item == wrong)
                {
                    var freed = Math.Min(nano, credit.Parts[i].Nano);
                    credit.Parts[i] = (wrong, credit.Parts[i].Nano - freed);
                    (credit.Left, nano) = (credit.Left + freed, nano - freed);
                }
            }
        }
    }

    /// <summary>
    /// What bounces takes back exactly what it had paid, item by item, with the old due days. (DOMAIN, accounts.) Of a part that is taken back, what is unused
    /// comes first, then what was paid last.
    /// </summary>
    private void TakeBack(long position, long nano, long at)
    {
        if (Plan?.Position < position)
        {
            Plan.Pay(-nano);
        }

        var credit = _credits.Find(c => c.Position == position);
        if (credit is not null)
        {
            var unused = Math.Min(nano, credit.Left);
            (credit.Left, _advance, nano) = (credit.Left - unused, _advance - unused, nano - unused);
            for (var i = credit.Parts.Count - 1; i >= 0 && nano > 0; i--)
            {
                var (item, part) = credit.Parts[i];
                var back = Math.Min(nano, part);
                item.Reopen(back);
                credit.Parts[i] = (item, part - back);
                nano -= back;
            }
        }

        if (nano > 0)
        {
            Items.Add(new Owed(nano, 0, at));
        }
    }

    /// <summary>
    /// Credits pay what was asked for, oldest due day first, then fees, then what no bill has asked for. (Pack: billing.allocation, principal-first.)
    /// </summary>
    private void Allocate()
    {
        foreach (var item in Items.Where(i => i.DueDay != 0).OrderBy(i => i.DueDay).Append(_openFees).Concat(Items.Where(i => i.DueDay == 0)).ToList())
        {
            while (_advance > 0 && item.Open > 0)
            {
                // Credit that cannot be taken back is used first: it is nobody's.
                var older = _advance - _credits.Sum(c => c.Left);
                var credit = older > 0 ? null : _credits.First(c => c.Left > 0);
                var part = item.Pay(Math.Min(_advance, credit?.Left ?? older));
                _advance -= part;
                if (credit is not null)
                {
                    credit.Left -= part;
                    credit.Parts.Add((item, part));
                }
            }
        }
    }

    /// <summary>A plan ends only by being fulfilled, broken or cancelled. (DOMAIN, overdue.)</summary>
    private void End(AccountEvent how, int day)
    {
        if (Plan is null)
        {
            Wrong.Add("a plan ended that was not there");
        }
        else if (how is PlanBroken && (Plan.IsKept(day) || Plan.IsPaid))
        {
            Wrong.Add("a plan was called broken though it was kept");
        }
        else if (how is PlanFulfilled && !Plan.IsPaid && Asked + OpenFees > 0)
        {
            Wrong.Add("a plan was called fulfilled though it was not paid");
        }

        Plan = null;
        if (_isPrepaid)
        {
            Wrong.Remove("a plan was forgotten at the change to prepaid");
        }
    }

    /// <summary>
    /// A day that ends in a kept plan, a promise or a dispute bears no fee, unless the pack says so. (Pack: lateFee.duringPlan and its like.)
    /// </summary>
    private bool IsFree(int day)
    {
        var (p, ends) = (record.Pack.LateFee, record.Person.Calendar.StartOf(day + 1));
        return (!p.DuringPlan && Plan?.IsKept(day) == true) || (!p.DuringPromise && Promise >= day)
            || (!p.DuringDispute && record.Person.Spans.Exists(s => s.Why == "dispute" && s.FromMs < ends && s.UntilMs >= ends));
    }

    /// <summary>A plan: kept until an instalment's day is over without what was agreed until then; over when all of it is paid.</summary>
    internal sealed class Agreed(IReadOnlyList<Instalment> instalments, long position)
    {
        private long _paid;

        /// <summary>Position of the agreement: what came before it paid nothing of it.</summary>
        public long Position => position;

        public bool IsPaid => _paid >= instalments.Sum(i => i.Amount.Nano);

        public void Pay(long nano) => _paid += nano;

        public bool IsKept(int day) => !IsPaid && instalments.Where(i => i.Day < day).Sum(i => i.Amount.Nano) <= _paid;
    }

    /// <summary>A credit that can be taken back, and what it paid.</summary>
    private sealed class Paid(long position)
    {
        public long Position { get; } = position;

        public long Left { get; set; }

        public List<(Owed Item, long Nano)> Parts { get; } = [];
    }

    /// <summary>Something owed, with what its days have cost so far.</summary>
    internal sealed class Owed(long amount, int dueDay, long position)
    {
        private decimal _days;
        private long _booked;

        public long Position { get; } = position;

        public long Open { get; private set; } = amount;

        /// <summary>0: no bill has asked for it.</summary>
        public int DueDay { get; set; } = dueDay;

        public void Add(long nano) => Open += nano;

        public void Reopen(long nano) => Open += nano;

        public long Pay(long nano)
        {
            var part = Math.Min(nano, Open);
            Open -= part;
            return part;
        }

        /// <summary>What a day adds: whole smallest units, at least the minimum in all. (Pack: lateFee.)</summary>
        public long FeeOf(int day, LateFeePolicy p, long unitNano)
        {
            var basisPoints = DateOnly.FromDayNumber(day).Year > DateOnly.FromDayNumber(DueDay).Year ? p.CarriedPerDayBasisPoints : p.PerDayBasisPoints;
            if (Open == 0 || basisPoints == 0)
            {
                return 0;
            }

            _days += decimal.Round(Open * (decimal)basisPoints / 10_000, 0, MidpointRounding.ToEven);
            var fee = Math.Max(0, Math.Max((long)(_days / unitNano) * unitNano, NaiveAccount.Nano(p.Minimum)) - _booked);
            _booked += fee;
            return fee;
        }
    }
}
