using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Tests;

/// <summary>The ingest endpoint's map of millions of meters.</summary>
public sealed class MeterRouteTableTests
{
    [Fact]
    public void Every_meter_is_found_through_any_growth_and_no_other_is()
    {
        var table = new MeterRouteTable();
        for (var i = 1; i <= 300_000; i++)
        {
            table.Put(IdHash.Of($"M{i}"), new MeterRoute(i, (short)(i % 256), i / 200));
        }

        Assert.Equal(300_000, table.Count);
        for (var i = 1; i <= 300_000; i++)
        {
            Assert.True(table.TryFind(IdHash.Of($"M{i}"), out var route));
            Assert.Equal(new MeterRoute(i, (short)(i % 256), i / 200), route);
        }

        Assert.All(Enumerable.Range(1, 10_000), i => Assert.False(table.TryFind(IdHash.Of($"N{i}"), out _)));
        table.Put(IdHash.Of("M7"), new MeterRoute(7, 200, 9));
        Assert.True(table.TryFind(IdHash.Of("M7"), out var moved));
        Assert.Equal(new MeterRoute(7, 200, 9), moved);
        Assert.Equal(300_000, table.Count);
    }

    [Fact]
    public async Task A_reader_beside_the_writer_sees_a_route_whole_or_not_at_all()
    {
        var table = new MeterRouteTable();
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var seen = 0L;
            while (!stop.IsCancellationRequested)
            {
                for (var i = 1; i <= 2_000; i++)
                {
                    if (table.TryFind(IdHash.Of($"M{i}"), out var route))
                    {
                        // Partition and gateway were written together.
                        Assert.Equal(route.Partition, route.Gateway);
                        Assert.Equal(i, route.Meter);
                        seen++;
                    }
                }
            }

            return seen;
        });
        for (var round = 0; round < 50; round++)
        {
            for (var i = 1; i <= 2_000 + (round * 500); i++)
            {
                table.Put(IdHash.Of($"M{i}"), new MeterRoute(i, (short)round, round));
            }
        }

        await stop.CancelAsync();
        Assert.True(await reader > 0);
    }
}
