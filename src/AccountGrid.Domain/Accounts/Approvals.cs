using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>What needs a second person.</summary>
public static class Approvals
{
    /// <summary>A second person must have agreed, and be another one.</summary>
    public static Decision? NeedsTwo(string decidedBy, string? approvedBy) => string.IsNullOrEmpty(approvedBy) || approvedBy == decidedBy
        ? Decision.Refuse(AccessRefusals.ApprovalNeeded, $"approvedBy: '{approvedBy}' must be a second person beside '{decidedBy}'.")
        : default(Decision?);

    /// <summary>
    /// Null if it may be done; the refusal where together with what was done before it is more than the limit, and no second person has agreed.
    /// </summary>
    /// <param name="limit">What the pack allows one person; without a pack <see cref="Limits.UnapprovedMaxNano"/>.</param>
    public static Decision? Check(UnapprovedSum moved, int day, Money amount, Money limit, string? decidedBy, string? approvedBy)
    {
        var sum = moved.With(day, amount).Amount;
        return sum <= limit || NeedsTwo(decidedBy ?? "", approvedBy) is null
            ? default(Decision?)
            : Decision.Refuse(
                AccessRefusals.ApprovalNeeded,
                $"amount: {amount.Abs()}, {sum} with what was moved in {Limits.UnapprovedDays} days without a second person, is "
                    + $"more than {limit}; approvedBy: '{approvedBy}' must be a second person beside '{decidedBy}'.");
    }

    /// <summary>What one person may move on an account.</summary>
    public static Money LimitOf(Policy? policy) => policy?.AdjustmentAbove ?? new Money(Limits.UnapprovedMaxNano);
}
