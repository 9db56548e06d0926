using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Billing periods, and the sums of what is charged and not billed yet.</summary>
internal static class BillPeriods
{
    /// <summary>Books what a day was charged for its month's bill; what comes for a day that is billed goes to the first month that is not.</summary>
    internal static void Add(AccountState account, int day, Energy energy, ChargeParts parts, bool isCorrection)
    {
        if (account.Customer?.Overdue is not { } overdue || (parts == default && energy == Energy.Zero))
        {
            return;
        }

        var month = StartOf(Math.Max(day, overdue.BilledThroughDay + 1), account.Mode);
        var index = overdue.Unbilled.FindIndex(m => m.StartDay >= month);
        if (index < 0 || overdue.Unbilled[index].StartDay != month)
        {
            index = index < 0 ? overdue.Unbilled.Count : index;
            overdue.Unbilled.Insert(index, new MonthSum(month, 0, default, default));
        }

        var sum = overdue.Unbilled[index];
        overdue.Unbilled[index] = isCorrection || day <= overdue.BilledThroughDay
            ? sum with { EnergyWh = sum.EnergyWh + energy.Wh, Corrections = sum.Corrections + parts.Total }
            : sum with { EnergyWh = sum.EnergyWh + energy.Wh, Parts = sum.Parts + parts };
    }

    /// <summary>
    /// First day of the bill that a day is on: the month's, or for instalments within the month (分次划拨, three are usual) the 1st, 11th or 21st.
    /// </summary>
    internal static int StartOf(int day, PaymentMode mode)
    {
        var inMonth = DateOnly.FromDayNumber(day).Day;
        return day - inMonth + (mode == PaymentMode.Instalments ? Math.Min(20, (inMonth - 1) / 10 * 10) : 0) + 1;
    }

    internal static int EndOf(int day, PaymentMode mode)
    {
        var start = StartOf(day, mode);
        var date = DateOnly.FromDayNumber(start);
        return mode == PaymentMode.Instalments && date.Day < 21 ? start + 9 : start - date.Day + DateTime.DaysInMonth(date.Year, date.Month);
    }
}
