using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Policies;

namespace AccountGrid.Domain.State;

/// <summary>What adjustments, refunds and waivers have moved on an account without a second person, whichever way, since a local day. The default is nothing.</summary>
/// <param name="SinceDay">Local day of the first of them, as a day number.</param>
/// <param name="Nano">Sum of their amounts without their signs: one up and one down are two.</param>
public readonly record struct UnapprovedSum(int SinceDay, long Nano)
{
    /// <summary>With one more on a day. What began more than <see cref="Limits.UnapprovedDays"/> days ago no longer counts.</summary>
    public UnapprovedSum With(int day, long nano) => Nano == 0 || day >= SinceDay + Limits.UnapprovedDays
        ? new UnapprovedSum(day, Math.Abs(nano))
        : this with { Nano = Nano + Math.Abs(nano) };

    /// <summary>Null if it may be done; the refusal where together with what was done before it is more than the limit, and no second person has agreed.</summary>
    /// <param name="limitNano">What the pack allows one person; without a pack <see cref="Limits.UnapprovedMaxNano"/>.</param>
    public Decision? Check(int day, long nano, long limitNano, string? decidedBy, string? approvedBy)
    {
        var sum = With(day, nano).Nano;
        return sum <= limitNano || CustomerDecisions.NeedsTwo(decidedBy ?? "", approvedBy) is null
            ? default(Decision?)
            : Decision.Refuse(
                AccessRefusals.ApprovalNeeded,
                $"amount: {new Money(Math.Abs(nano))}, {new Money(sum)} with what was moved in {Limits.UnapprovedDays} days without a second person, is more than {new Money(limitNano)}; approvedBy: '{approvedBy}' must be a second person beside '{decidedBy}'.");
    }

    /// <summary>What one person may move on an account.</summary>
    public static long LimitOf(Policy? policy) => policy?.AdjustmentAbove.Nano ?? Limits.UnapprovedMaxNano;
}
