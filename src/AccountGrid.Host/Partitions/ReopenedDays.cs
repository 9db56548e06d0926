using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Partitions;

/// <summary>Closed days that a record needs: rows of the database, and those that it does not hold yet.</summary>
internal static class ReopenedDays
{
    public static async Task<List<DayRow>> LoadAsync(IPartitionStore store, PartitionState state, DaysNeeded needed)
    {
        // Taken before the database is asked: a state flush that ends meanwhile moves rows from here to there.
        var recent = state.ClosedDays.Values.Where(d => needed.IsOf(d.Key)).ToList();
        var rows = (await store.LoadDaysAsync(state.Partition, needed)).ToDictionary(d => d.Key);

        // Rows of days that are open again already are out of date until the next state flush takes them away.
        foreach (var day in recent)
        {
            rows[day.Key] = day;
        }

        return needed.Of(rows.Values);
    }
}
