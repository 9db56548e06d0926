using System.Text;
using AccountGrid.Host.Database;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Mqtt;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>What is kept of refused messages, and for how long. No process of this grid tries them again.</summary>
public sealed class RefusedMessagesTests(GridFixture grid)
{
    private RefusedMessages Refused => grid.Host.Services.GetRequiredService<RefusedMessages>();

    [Fact]
    public async Task Readings_that_wait_are_bounded_in_bytes_for_a_gateway_and_for_the_grid_and_those_dropped_are_counted()
    {
        const int Mib = 1 << 20;
        for (var i = 0; i < 20; i++)
        {
            await Refused.AddAsync(Message("bound-1", Encoding.UTF8.GetBytes(new string((char)('a' + i), Mib - 3) + "\nx")));
        }

        // The newest 16 MiB; each message has two readings.
        Assert.Equal((16, 4), await RowsAsync("bound-1"));
        Assert.Equal(8, await CountAsync("bound-1", "mqtt.kept_too_many"));
        await Refused.AddAsync(Message("bound-2", new byte[Mib]));
        await Refused.DropOldestAsync(3 * Mib, TestContext.Current.CancellationToken);
        Assert.Equal((2, 18), await RowsAsync("bound-1"));
        Assert.Equal((1, 0), await RowsAsync("bound-2"));
        Assert.Equal(36, await CountAsync("bound-1", "mqtt.kept_too_many"));
        Assert.Equal(0, await CountAsync("bound-2", "mqtt.kept_too_many"));
    }

    [Fact]
    public async Task What_became_of_readings_that_were_tried_again_is_in_their_row_and_counted()
    {
        await Refused.AddAsync(Message("became", "1\n2\n3"u8.ToArray()));
        await Refused.AddAsync(Message("became", null));
        var cancel = TestContext.Current.CancellationToken;
        var rows = (await Refused.ListAsync(long.MaxValue, 1_000, cancel)).Where(r => r.Profile == "became").ToList();
        Assert.Equal(new (bool, int?)[] { (false, null), (true, 0) }, rows.Select(r => (r.TriesAgain, r.GivenUp)));

        await Refused.TriedAsync(rows[1].Id, "3"u8.ToArray(), ["reading.register_not_charged"], cancel);
        Assert.Equal<(bool, int?)>((true, 1), await OfAsync(rows[1].Id));
        await Refused.TriedAsync(rows[1].Id, null, [], cancel);
        Assert.Equal<(bool, int?)>((false, 1), await OfAsync(rows[1].Id));
        Assert.Equal(1, await CountAsync("became", "reading.register_not_charged"));

        // It was dropped meanwhile, and counted then.
        await Refused.TriedAsync(rows[1].Id, null, ["reading.register_not_charged"], cancel);
        Assert.Equal(1, await CountAsync("became", "reading.register_not_charged"));
    }

    [Fact]
    public async Task Only_what_a_gateway_itself_sends_is_a_sign_of_it()
    {
        var services = grid.Host.Services;
        using var measures = new Host.Measures.GridMeasures(grid.Time);
        var intake = new ReadingIntake(services.GetRequiredService<MeterDirectory>(), services.GetRequiredService<ReadingLog>(),
            services.GetRequiredService<GridOptions>(), measures, grid.Time);
        WireBatch Unknown() => BatchReader.Parse("""{"meter":"sign-nobody","ts":1772424000000,"value":1}"""u8, true, long.MaxValue).Batch!;
        Assert.Equal(1, (await intake.RetryAsync(Unknown(), 7)).Rejected);
        Assert.Empty(measures.TakePushed());
        Assert.Equal(4, (await intake.TakeAsync(Unknown(), 7, 3)).Rejected);
        Assert.Equal(7, Assert.Single(measures.TakePushed()).Gateway);
    }

    private static RefusedMessage Message(string name, byte[]? later) =>
        new(name, "t", name, [], [new LineRefusal(1, new Refusal(ReadingRefusals.MeterUnknown, "meter: no."))], 3, later);

    private async Task<(bool TriesAgain, int? GivenUp)> OfAsync(long id)
    {
        var row = Assert.Single(await Refused.ListAsync(id + 1, 1, TestContext.Current.CancellationToken));
        return (row.TriesAgain, row.GivenUp);
    }

    /// <summary>Rows that wait, and rows whose two readings were given up.</summary>
    private async Task<(int Waiting, int GivenUp)> RowsAsync(string profile)
    {
        var rows = (await Refused.ListAsync(long.MaxValue, 1_000, TestContext.Current.CancellationToken)).Where(r => r.Profile == profile).ToList();
        return (rows.Count(r => r.TriesAgain), rows.Count(r => r is { TriesAgain: false, GivenUp: 2 }));
    }

    private async Task<long> CountAsync(string profile, string code) =>
        (await Refused.CountsAsync(TestContext.Current.CancellationToken)).Where(c => c.Profile == profile && c.Code == code).Sum(c => c.Count);
}
