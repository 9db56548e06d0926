using AccountGrid.Domain.Policies;

namespace AccountGrid.Host.Audit;

/// <summary>Late fees: each day's, by what was so at its end, against the entries.</summary>
internal sealed class AuditFees(AuditedAccount account, AuditAgreements agreements, AuditHolds holds)
{
    private readonly Dictionary<int, long> _fees = [];
    private int _throughDay;

    /// <summary>Billing begins: fees count from a day on.</summary>
    public void Begin(int today) => _throughDay = today - 1;

    /// <summary>Late fees of the days that are over, by what was so at each day's end.</summary>
    public void Count(int throughDay)
    {
        for (; _throughDay < throughDay; _throughDay++)
        {
            var day = _throughDay + 1;
            if (account.OwesByBill && (account.PackOf(day) ?? account.PackOf(throughDay + 1)) is { } pack && !IsFree(pack.LateFee, day)
                && account.Items.TakeFee(pack, day) is > 0 and var fee)
            {
                _fees[day] = fee;
            }
        }
    }

    /// <summary>A day's fee was taken by an entry.</summary>
    public void Meet(int day, long taken)
    {
        _fees.Remove(day, out var expected);
        account.Same($"late fee of {AuditedAccount.Text(day)}", expected, taken);
    }

    public void End()
    {
        foreach (var (day, fee) in _fees)
        {
            account.Differ($"a late fee of {AuditedAccount.Text(fee)} for {AuditedAccount.Text(day)} was never taken");
        }
    }

    private bool IsFree(LateFeePolicy fee, int day) =>
        (agreements.IsPlanKept(day) && !fee.DuringPlan) || (agreements.IsPromiseOpen(day) && !fee.DuringPromise)
            || (!fee.DuringDispute && holds.IsDisputed(day, account.DayOf)) || holds.IsCollecting(day, account.DayOf);
}
