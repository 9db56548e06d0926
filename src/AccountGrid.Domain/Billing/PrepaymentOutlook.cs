namespace AccountGrid.Domain.Billing;

/// <summary>How days would have gone on a prepaid account.</summary>
/// <param name="Warnings">How often the balance came to the level or below it: a warning each time.</param>
/// <param name="TopUps">How often the amount was paid in, the first time included.</param>
/// <param name="DaysBelowZero">Days at whose end nothing was left before the top-up: it came too late.</param>
/// <param name="Lowest">Lowest balance at a day's end before a top-up.</param>
public sealed record PrepaymentOutlook(int Warnings, int TopUps, int DaysBelowZero, Money Lowest)
{
    /// <summary>
    /// Simulates a balance that begins with one top-up and pays each day's cost at its end. At or below the level a warning comes, and the same amount is paid
    /// in at once, as often as it takes to be above the level again. Assumptions, and no forecast: a customer may pay earlier, more, or not at all.
    /// </summary>
    /// <param name="level">0 and more.</param>
    /// <param name="topUp">More than 0.</param>
    public static PrepaymentOutlook Of(IEnumerable<WideMoney> dailyCosts, Money level, Money topUp)
    {
        Invariant.Holds(topUp > Money.Zero && level >= Money.Zero, $"A top-up of {topUp} at a level of {level} is none.");
        WideMoney balance = topUp;
        var (warnings, topUps, below, lowest) = (0, 1, 0, balance);
        foreach (var cost in dailyCosts)
        {
            balance -= cost;
            lowest = balance < lowest ? balance : lowest;
            below += balance < WideMoney.Zero ? 1 : 0;
            if (balance > level)
            {
                continue;
            }

            warnings++;
            var missing = ((level.Nano - balance.Nano) / topUp.Nano) + 1;
            topUps = checked(topUps + (int)missing);
            balance += new WideMoney(missing * topUp.Nano);
        }

        return new(warnings, topUps, below, lowest.ToMoney());
    }

    /// <summary>The first day of the month behind a day: the border of periods at which terms change.</summary>
    public static DateOnly BorderAfter(DateOnly day) => new DateOnly(day.Year, day.Month, 1).AddMonths(1);
}
