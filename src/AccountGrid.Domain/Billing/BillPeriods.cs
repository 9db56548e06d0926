using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>An account's billing periods, and the sums of what is charged and not billed yet.</summary>
internal static class BillPeriods
{
    internal static int EndOf(FoldContext context, AccountState account, int from) =>
        BillingPeriods.EndOf(from, account.Customer!.Overdue.Cycles, DaysOf(context));

    /// <summary>First day of the period after today's: a change holds from there on, so that no day that is charged changes its bill.</summary>
    internal static int NextStart(FoldContext context, AccountState account, int today)
    {
        var overdue = account.Customer!.Overdue;
        var day = Math.Max(today, overdue.BilledThroughDay + 1);
        return EndOf(context, account, BillingPeriods.StartOf(day, overdue.BilledThroughDay, overdue.Cycles, DaysOf(context))) + 1;
    }

    /// <summary>
    /// Books what a day was charged for its period's bill; what comes for a day that is billed goes to the first period that is not. Of a closed account all
    /// that is charged for days after its last one, and given back, is the final bill's.
    /// </summary>
    internal static void Add(FoldContext context, AccountState account, int day, Energy energy, ChargeParts parts, bool isCorrection)
    {
        if (account.Customer?.Overdue is not { } overdue || (parts == default && energy == Energy.Zero))
        {
            return;
        }

        var booked = Math.Max(Math.Min(day, account.LastDay), overdue.BilledThroughDay + 1);
        var start = booked > account.LastDay ? booked : BillingPeriods.StartOf(booked, overdue.BilledThroughDay, overdue.Cycles, DaysOf(context));
        var index = overdue.Unbilled.FindIndex(m => m.StartDay >= start);
        if (index < 0 || overdue.Unbilled[index].StartDay != start)
        {
            index = index < 0 ? overdue.Unbilled.Count : index;
            overdue.Unbilled.Insert(index, new MonthSum(start, 0, default, default));
        }

        var sum = overdue.Unbilled[index];
        overdue.Unbilled[index] = isCorrection || day <= overdue.BilledThroughDay
            ? sum with
            {
                EnergyWh = sum.EnergyWh + energy.Wh,
                Corrections = sum.Corrections + parts.Total,
                Parts = sum.Parts with { Named = NamedAmounts.Sum(sum.Parts.Named, parts.Named) },
            }
            : sum with { EnergyWh = sum.EnergyWh + energy.Wh, Parts = sum.Parts + parts };
    }

    private static Func<int, int, IReadOnlyList<int>> DaysOf(FoldContext context) => (family, day) => context.PolicyOn(family, day)?.InstalmentDays
        ?? throw new InvariantBrokenException($"No version of policy pack {family} holds on {Instants.DayToText(day)}, and an account is billed by its days.");
}
