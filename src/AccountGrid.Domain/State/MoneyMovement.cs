namespace AccountGrid.Domain.State;

/// <summary>A payment or an adjustment that can still be taken back.</summary>
/// <param name="Position">Position of its record.</param>
/// <param name="Day">Local day on which it came.</param>
/// <param name="Amount">Credit where positive, debit where negative; a payment is positive.</param>
/// <param name="TakenBack">What of it was taken back, not negative.</param>
/// <param name="IsAdjustment">A person's decision; else a payment.</param>
/// <param name="From">The float out of which it came, and to which it goes back; null is none.</param>
public readonly record struct MoneyMovement(long Position, int Day, Money Amount, Money TakenBack, bool IsAdjustment, TransferSource? From = null)
{
    /// <summary>What of it can be taken back, not negative.</summary>
    public Money Left => (Amount.IsNegative ? -Amount : Amount) - TakenBack;
}
