namespace AccountGrid.Domain.Customers;

/// <summary>
/// An amount with the last local day on which it is paid on time (day number), and what has paid it: a bill, a promise, or an instalment of a plan. The parts
/// are as the ledger allocated them.
/// </summary>
/// <param name="InAgreement">The amount is in a debt agreement or payment plan that is in force. A broken one is none.</param>
public sealed record OwedAmount(int DueDay, Money Amount, IReadOnlyList<PaidPart> Paid, bool InAgreement = false)
{
    /// <summary>The day on which the parts first reach the amount; null if they have not by the end of the day before <paramref name="today"/>.</summary>
    public int? PaidDay(int today)
    {
        var left = Amount;
        foreach (var part in Paid.Where(p => p.Day < today).OrderBy(p => p.Day))
        {
            left -= part.Amount;
            if (left <= Money.Zero)
            {
                return part.Day;
            }
        }

        return Amount <= Money.Zero ? DueDay : null;
    }

    /// <summary>Days between the due day and the day of payment. What is unpaid is late up to <paramref name="today"/>. Never negative.</summary>
    public int DaysLate(int today) => Math.Max(0, (PaidDay(today) ?? today) - DueDay);
}
