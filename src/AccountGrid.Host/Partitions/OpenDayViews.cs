using AccountGrid.Contracts;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// Days that are still open, worked out from the open points, and those closed since the last state flush: of every time that a meter was here.
/// </summary>
internal static class OpenDayViews
{
    /// <summary>All times of a meter in this partition, whoever's meter it was.</summary>
    public static RecentDays OfMeter(PartitionState state, long statePosition, int meter, int fromDay, int toDay)
    {
        var times = new List<MeterState>();
        for (var m = state.PeekMeter(meter); m is not null; m = m.Former)
        {
            times.Add(m);
        }

        return Of(state, statePosition, times, d => d.Key.Meter == meter && d.Key.Day >= fromDay && d.Key.Day <= toDay);
    }

    /// <summary>All meters that the account has or had: what was moved or exchanged keeps its open days until they close.</summary>
    public static RecentDays OfAccount(PartitionState state, long statePosition, AccountState account) =>
        Of(state, statePosition, account.Meters, d => d.Account == account.Number);

    private static RecentDays Of(PartitionState state, long statePosition, IReadOnlyList<MeterState> times, Func<DayRow, bool> isAsked)
    {
        var open = times.SelectMany(DayClosing.PreviewOpenDays).Where(isAsked).Select(d => PartitionViews.Of(d, closed: false));
        var closed = state.ClosedDays.Values.Where(isAsked).Select(d => PartitionViews.Of(d, closed: true));
        return new RecentDays([.. open, .. closed], statePosition,
            [.. times.SelectMany(m => new[] { m.PreviousPartition, m.NextPartition }).Where(p => p >= 0).Distinct()]);
    }
}
