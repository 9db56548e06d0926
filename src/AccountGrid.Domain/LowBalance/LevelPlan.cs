using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.LowBalance;

/// <summary>The low-balance levels of an account under its pack.</summary>
internal static class LevelPlan
{
    internal static Level[] Of(in Moment at)
    {
        var (account, customer, policy) = (at.Account, at.Customer, at.Policy);
        var levels = new List<Level>();
        if (customer.HasOwnLevels)
        {
            levels.AddRange(account.Levels.Levels.Where(l => l.Kind == LevelKind.Amount));
        }

        if (account.Mode != PaymentMode.Prepaid || account.Status == AccountStatus.Closed)
        {
            return account.Status == AccountStatus.Closed ? [] : [.. levels];
        }

        // The balance's end comes first: an account with many levels of its own must not lose it.
        // Whoever pays exactly what was missing stands at zero, and is told when it falls below again: the wait for a cut begins anew there, too.
        levels.Insert(0, new Level(LevelKind.Exhausted, 0, Money.Zero, Money.Zero));
        if (policy.EmergencyCredit > Money.Zero)
        {
            levels.Insert(1, new Level(LevelKind.CreditUsed, 0, -policy.EmergencyCredit, -policy.EmergencyCredit));
        }

        var p = policy.Definition.LowBalance;
        if (!customer.HasOwnLevels)
        {
            levels.AddRange(policy.AmountLevels);
        }

        if (p.DaysLeft.Count > 0 && BalanceForecast.Of(account, policy.Business, at.Ms) is { } forecast)
        {
            var byDays = p.DaysLeft.Select(d => new Level(LevelKind.Days, d.Below, forecast.CostOfDays(d.Below), forecast.CostOfDays(d.Rearm)));
            levels.InsertRange(policy.EmergencyCredit > Money.Zero ? 2 : 1, byDays.Where(l => l.Rearm > l.Fire));
        }

        return [.. levels.Take(Limits.LevelsMax)];
    }
}
