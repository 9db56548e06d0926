using AccountGrid.Contracts;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Partitions;

/// <summary>Days of a meter that are still open, worked out from the open points, and those closed since the last state flush.</summary>
internal static class OpenDays
{
    public static List<DayView> Of(PartitionState state, int meter, int fromDay, int toDay)
    {
        var days = new SortedDictionary<int, DayView>();
        for (var m = state.PeekMeter(meter); m is not null; m = m.Former)
        {
            foreach (var row in PartitionFold.PreviewOpenDays(m))
            {
                days.TryAdd(row.Key.Day, PartitionViews.Of(row, closed: false));
            }
        }

        foreach (var row in state.ClosedDays.Values.Where(d => d.Key.Meter == meter))
        {
            days.TryAdd(row.Key.Day, PartitionViews.Of(row, closed: true));
        }

        return [.. days.Values.Where(d => d.Day >= fromDay && d.Day <= toDay)];
    }
}
