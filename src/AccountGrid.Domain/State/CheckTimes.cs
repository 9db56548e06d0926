namespace AccountGrid.Domain.State;

/// <summary>When days close by the rule, and how checks are spread over an hour.</summary>
internal static class CheckTimes
{
    /// <summary>When a meter's oldest open day closes by the rule, UTC ms, whether it is being filled or not; never where it has none.</summary>
    internal static long RegularClose(AccountState account, MeterState meter)
    {
        if (meter.FirstPosition == 0)
        {
            return long.MaxValue;
        }

        var oldest = Math.Max(account.Calendar.DayOf(meter.Tail.TimeMs), meter.ClosedThroughDay + 1);
        return account.Calendar.StartOf(oldest + 1) + Limits.DayGraceMs + Spread(account.Number);
    }

    /// <summary>First position that days of an account need which should be closed by the rule at an instant; never where there are none.</summary>
    internal static long OldestNeeded(AccountState account, long nowMs)
    {
        var oldest = long.MaxValue;
        foreach (var meter in account.Lines)
        {
            if (RegularClose(account, meter) <= nowMs)
            {
                oldest = Math.Min(oldest, meter.FirstPosition);
            }
        }

        return oldest;
    }

    /// <summary>A fixed part of the spread for each account, so that a million checks do not fall on one instant.</summary>
    internal static long Spread(int account) => unchecked((uint)(account * 2654435761L)) % Limits.DailyCheckSpreadMs;
}
