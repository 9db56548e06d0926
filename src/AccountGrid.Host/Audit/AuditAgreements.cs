using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>What was agreed with a customer about its arrears: a plan, as far as it is paid, and a promise.</summary>
internal sealed class AuditAgreements
{
    private IReadOnlyList<Instalment> _plan = [];
    private Int128 _paid;
    private long _position;
    private int _promiseDay;

    public void Follow(AccountEvent happened, long position)
    {
        switch (happened)
        {
            case PlanAgreed e:
                (_plan, _paid, _position) = (e.Instalments, 0, position);
                break;
            case PlanBroken or PlanFulfilled or PlanCancelled:
                _plan = [];
                break;
            case PaymentPromised e:
                _promiseDay = e.ByDay;
                break;
        }
    }

    /// <param name="takenBack">Position of what is taken back: before the plan it had paid nothing of the plan.</param>
    public void Pay(long nano, long takenBack = long.MaxValue) => _paid += takenBack > _position ? nano : 0;

    /// <summary>There is a plan, and what was due before a day is paid.</summary>
    public bool IsPlanKept(int day) => _plan.Count > 0 && _plan.Where(i => i.Day < day).Sum(i => i.Amount.Nano) <= _paid;

    public bool IsPromiseOpen(int day) => _promiseDay >= day;
}
