using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>How far back anything is charged, and can still change.</summary>
internal static class ChangeableDays
{
    /// <summary>
    /// First local day that may be charged for under the account's pack, by the time of the log; <see cref="int.MinValue"/> where no pack says so.
    /// </summary>
    internal static int FirstChargeableDay(FoldContext context, AccountState account) =>
        account.Customer is null ? int.MinValue : FirstChargeableDay(account, context.PolicyOf(account, context.NowMs), context.NowMs);

    /// <param name="policy">The account's pack; null where it has none.</param>
    /// <inheritdoc cref="FirstChargeableDay(FoldContext, AccountState)" path="/summary"/>
    internal static int FirstChargeableDay(AccountState account, Policy? policy, long nowMs) =>
        account.Customer is null || policy is not { Definition.BackBillingMonths: > 0 and var months }
            ? int.MinValue
            : DateOnly.FromDayNumber(account.Calendar.DayOf(nowMs)).AddMonths(-months).DayNumber;

    /// <summary>First local day of which late data can still change anything.</summary>
    internal static int FirstChangeableDay(FoldContext context, MeterState meter, AccountState account) =>
        Math.Max(Math.Max(account.SettledBeforeDay, account.Calendar.DayOf(meter.Last.TimeMs) - Limits.ReopenMaxDays), FirstChargeableDay(context, account));

    /// <summary>
    /// A point to put before one that ends a gap which began before the first day that may be charged for: what was used up to that day, by time, is held and
    /// never charged. Null where the gap does not. A point that lies before that day is made a border itself.
    /// </summary>
    internal static Point? BackBillingBorder(FoldContext context, MeterState meter, AccountState account, ref Point point)
    {
        var day = FirstChargeableDay(context, account);
        var from = meter.Last;
        if (day == int.MinValue || account.Calendar.StartOf(day) is var borderMs && from.TimeMs >= borderMs)
        {
            return null;
        }

        if (point.TimeMs <= borderMs)
        {
            point = point with { Quality = point.Quality | ReadingQuality.BackBillingBorder };
            return null;
        }

        if (point.ValueWh <= from.ValueWh)
        {
            return null;
        }

        var wh = from.ValueWh + (long)((Int128)(point.ValueWh - from.ValueWh) * (borderMs - from.TimeMs) / (point.TimeMs - from.TimeMs));
        return new Point(borderMs, wh, ReadingQuality.Derived | ReadingQuality.BackBillingBorder);
    }
}
