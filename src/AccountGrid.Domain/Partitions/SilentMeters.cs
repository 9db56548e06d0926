namespace AccountGrid.Domain.Partitions;

/// <summary>Finds meters whose readings have stopped.</summary>
public static class SilentMeters
{
    /// <summary>
    /// Meters on an account whose last reading lies in a span of time: by the place of the account, and on one account by number. Nothing is unpacked.
    /// </summary>
    /// <param name="fromPlace">Where to begin; of that account only meters behind <paramref name="afterMeter"/>.</param>
    /// <param name="fromMs">Begin of the span, UTC ms.</param>
    /// <param name="beforeMs">End of the span, which is not in it.</param>
    /// <param name="max">At most so many.</param>
    public static List<SilentMeter> Of(PartitionState state, int fromPlace, int afterMeter, long fromMs, long beforeMs, int max)
    {
        var found = new List<SilentMeter>();
        for (var place = Math.Max(0, fromPlace); place < state.AccountCount && found.Count < max; place++)
        {
            var (row, after) = (state.RowAt(place), place == fromPlace ? afterMeter : 0);
            void Add(int meter, long ms, long wh)
            {
                if (meter > after && ms >= fromMs && ms < beforeMs && found.Count < max)
                {
                    found.Add(new(place, meter, row.Account, ms, wh));
                }
            }

            // A row that takes no reading as it stands has the last one in its bytes only.
            if (row.IsPacked && (row.Meter == 0 || row.PlainUntilMs != long.MinValue))
            {
                Add(row.Meter, row.LastMs, row.LastWh);
                continue;
            }

            foreach (var meter in state.PeekAccount(row.Account)!.Meters.Where(m => m.UntilMs == long.MaxValue).OrderBy(m => m.Number))
            {
                Add(meter.Number, meter.LastReading.TimeMs, meter.LastReading.ValueWh);
            }
        }

        return found;
    }
}
