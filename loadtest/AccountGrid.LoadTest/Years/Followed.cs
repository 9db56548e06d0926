using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.Policies;

namespace AccountGrid.LoadTest.Years;

/// <summary>Bills, fees, plan and promise of one account on bills, moved on by what happened, one thing after the other.</summary>
internal sealed class Followed(AccountRecord record)
{
    private long _advance;
    private long _openFees;
    private int _feeDay = int.MinValue;

    public List<Owed> Bills { get; } = [];

    /// <summary>Late fees so far, nano.</summary>
    public long Fees { get; private set; }

    /// <summary>Last day of the promise to pay.</summary>
    public int Promise { get; private set; }

    public Agreed? Plan { get; private set; }

    public int WronglyBroken { get; private set; }

    public void Take(AccountEvent? happened, long creditNano, int day)
    {
        switch (happened)
        {
            case BillClosed { AmountNano: > 0 } bill:
                Bills.Add(new Owed(bill.AmountNano, bill.DueDay));
                break;
            case BillClosed bill:
                _advance -= bill.AmountNano;
                break;
            case PlanAgreed plan:
                Plan = new Agreed(plan.Instalments);
                break;
            case PlanBroken:
                WronglyBroken += Plan?.IsKept(day) == true ? 1 : 0;
                Plan = null;
                break;
            case PaymentPromised promise:
                Promise = promise.ByDay;
                break;
            case null:
                _advance += creditNano;
                Plan?.Pay(creditNano);
                break;
        }

        foreach (var bill in Bills.OrderBy(b => b.DueDay))
        {
            _advance -= bill.Pay(_advance);
        }

        var settled = Math.Min(_advance, _openFees);
        (_openFees, _advance) = (_openFees - settled, _advance - settled);
        Plan = Bills.TrueForAll(b => b.Open == 0) && _openFees == 0 ? null : Plan;
    }

    /// <summary>Counts the fees of every day up to one.</summary>
    public void Pass(int through)
    {
        for (var day = _feeDay == int.MinValue ? through : _feeDay + 1; day <= through; day++)
        {
            var late = Bills.Where(b => b.DueDay < day).Sum(b => b.Open);
            if (late == 0 || late < NaiveAccount.Nano(record.Pack.Billing.ArrearsMinimum) || IsFree(day))
            {
                continue;
            }

            foreach (var bill in Bills.Where(b => day > b.DueDay))
            {
                var fee = bill.FeeOf(day, record.Pack.LateFee);
                (_openFees, Fees) = (_openFees + fee, Fees + fee);
            }
        }

        _feeDay = Math.Max(_feeDay, through);
    }

    /// <summary>A day that ends in a kept plan, a promise or a dispute bears no fee, unless the pack says so. (Pack: lateFee.duringPlan and its like.)</summary>
    private bool IsFree(int day)
    {
        var (p, ends) = (record.Pack.LateFee, record.Person.Calendar.StartOf(day + 1));
        return (!p.DuringPlan && Plan?.IsKept(day) == true) || (!p.DuringPromise && Promise >= day)
            || (!p.DuringDispute && record.Person.Spans.Exists(s => s.Why == "dispute" && s.FromMs < ends && s.UntilMs >= ends));
    }

    /// <summary>A plan: kept until an instalment's day is over without what was agreed until then; over when all of it is paid.</summary>
    internal sealed class Agreed(IReadOnlyList<Instalment> instalments)
    {
        private long _paid;

        public void Pay(long nano) => _paid += nano;

        public bool IsKept(int day) => _paid < instalments.Sum(i => i.AmountNano) && instalments.Where(i => i.Day < day).Sum(i => i.AmountNano) <= _paid;
    }

    /// <summary>A bill with what its days have cost so far.</summary>
    internal sealed class Owed(long amount, int dueDay)
    {
        private decimal _days;
        private long _booked;

        public long Open { get; private set; } = amount;

        public int DueDay => dueDay;

        public long Pay(long nano)
        {
            var part = Math.Min(nano, Open);
            Open -= part;
            return part;
        }

        /// <summary>What a day adds: whole hundredths, at least the minimum in all. (Pack: lateFee; the year's currencies have two digits.)</summary>
        public long FeeOf(int day, LateFeePolicy p)
        {
            var basisPoints = DateOnly.FromDayNumber(day).Year > DateOnly.FromDayNumber(dueDay).Year ? p.CarriedPerDayBasisPoints : p.PerDayBasisPoints;
            if (Open == 0 || basisPoints == 0)
            {
                return 0;
            }

            _days += decimal.Round(Open * (decimal)basisPoints / 10_000, 0, MidpointRounding.ToEven);
            var fee = Math.Max(0, Math.Max((long)(_days / 10_000_000) * 10_000_000, NaiveAccount.Nano(p.Minimum)) - _booked);
            _booked += fee;
            return fee;
        }
    }
}
