using AccountGrid.Domain;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Years;

/// <summary>Gateways push what meters have measured, now and then twice.</summary>
internal sealed class YearGateways(YearWorld world, Random random)
{
    /// <summary>Readings of one append.</summary>
    private const int ReadingsMax = 2_000;

    /// <summary>All that meters have and no gateway has pushed.</summary>
    public async Task PushAsync()
    {
        foreach (var group in world.People.GroupBy(p => p.Partition))
        {
            var meters = new List<YearMeter>();
            var readings = new List<Reading>();
            foreach (var meter in group.SelectMany(p => p.Meters))
            {
                foreach (var (atMs, wh) in meter.Backlog)
                {
                    meters.Add(meter);
                    readings.Add(new Reading(meter.Number, RegisterKind.Import, atMs, wh, ReadingQuality.None, 0));
                }

                meter.Backlog.Clear();
            }

            for (var from = 0; from < readings.Count; from += ReadingsMax)
            {
                var some = readings.Skip(from).Take(ReadingsMax).ToArray();
                var result = await world.Grid.Log.AppendAsync(new LogAppend(group.Key, some.Length, LogRecords.Encode(world.Clock.NowMs, some)));
                for (var i = 0; i < some.Length; i++)
                {
                    var meter = meters[from + i];
                    meter.Owner.Use(result.FirstPosition + i, some[i].TimeMs, some[i].ValueWh - meter.LastPushedWh, world.Clock.NowMs);
                    meter.Pushed(some[i].TimeMs, some[i].ValueWh);
                }

                if (random.NextDouble() < 0.05)
                {
                    await world.Grid.Log.AppendAsync(new LogAppend(group.Key, some.Length, LogRecords.Encode(world.Clock.NowMs, some)));
                }
            }
        }
    }
}
