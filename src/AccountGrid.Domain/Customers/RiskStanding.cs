namespace AccountGrid.Domain.Customers;

/// <summary>
/// A customer's grade and what is needed to change it. The grade goes down at once on a knock-out, else when two monthly evaluations in a row were worse, and
/// then to the better of the two. It goes up by one grade with each monthly evaluation that is better.
/// </summary>
/// <param name="Pending">The result of the last monthly evaluation if it was worse than the grade.</param>
/// <param name="Month">The last month that was evaluated; null for a new customer.</param>
public readonly record struct RiskStanding(RiskGrade Grade, RiskGrade? Pending, MonthNumber? Month)
{
    /// <summary>A new customer has grade B. Source: Wuhan, where new customers are B for a year.</summary>
    public static RiskStanding New => new(RiskGrade.B, null, null);

    /// <summary>
    /// The standing after an evaluation. A month counts once: the same or an earlier month changes nothing. In the customer's first year no grade is better
    /// than B.
    /// </summary>
    /// <param name="month">
    /// The month of a monthly evaluation. Null: an evaluation for a knock-out, which can only lower the grade, and only by a knock-out.
    /// </param>
    /// <param name="tenureYears">Whole years since the customer's contract began.</param>
    public RiskStanding After(RiskScore score, MonthNumber? month, int tenureYears)
    {
        if (month is { } evaluated && Month is { } last && evaluated.CompareTo(last) <= 0)
        {
            return this;
        }

        if (score.KnockOuts.Count > 0)
        {
            return new(RiskGrade.D, null, month ?? Month);
        }

        if (month is not { } at)
        {
            return this;
        }

        var target = tenureYears < 1 && score.Grade == RiskGrade.A ? RiskGrade.B : score.Grade;
        if (target <= Grade)
        {
            return new(target < Grade ? Grade - 1 : Grade, null, at);
        }

        if (Pending is not { } before)
        {
            return new(Grade, target, at);
        }

        var grade = before < target ? before : target;
        return new(grade, target > grade ? target : null, at);
    }
}
