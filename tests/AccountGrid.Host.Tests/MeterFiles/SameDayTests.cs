using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Host.Tests.Grpc;
using AccountGrid.Host.Tests.Mqtt;
using AccountGrid.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>The same day of data comes to the same money, whichever way it is sent.</summary>
public sealed class SameDayTests(MqttGrid mqtt) : IClassFixture<MqttGrid>
{
    private readonly GridFixture _grid = mqtt.Grid;

    [Fact]
    public async Task A_day_through_HTTP_gRPC_MQTT_and_each_format_gives_equal_balances()
    {
        await OpenAsync("SD0");
        await _grid.Admin.PushAsync(Encoding.UTF8.GetBytes(DayOfData.Ndjson("SD0")));
        var http = await ChargedAsync("SD0");
        await PushAsync("SD-G");
        Assert.Equal(http, await ChargedAsync("SD-G"));
        await PublishAsync("SD-M");
        Assert.Equal(http, await ChargedAsync("SD-M"));
        var files = new (string Meter, string Text, string Mapping)[]
        {
            ("SD1", DayOfData.Intervals("SD1"), "{}"), ("SD2", DayOfData.Csv("SD2"), DayOfData.CsvMapping),
            ("SD3", DayOfData.Wide("SD3"), DayOfData.WideMapping),
            ("SD4", DayOfData.Nem12("SD4"), "{}"), ("SD5", DayOfData.Cim("SD5"), "{}"), ("SD6", DayOfData.Espi("SD6"), "{}"),
            ("SD7", DayOfData.P1("SD7"), """{"zone":"Etc/GMT-10","p1Registers":"total"}"""),
        };
        foreach (var (meter, text, mapping) in files)
        {
            await OpenAsync(meter);
            Assert.True((await ReplayAsync(text, mapping)).IsWhole, meter);
            Assert.Equal(http, await ChargedAsync(meter));

            // Again it is nothing.
            Assert.True((await ReplayAsync(text, mapping)).IsWhole, meter);
            Assert.Equal(http, await ChargedAsync(meter));
        }
    }

    /// <summary>By a stream of batches, the second half first, and a part of it twice.</summary>
    private async Task PushAsync(string id)
    {
        await OpenAsync(id);
        var key = await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "same day", "G1"));
        using var channel = GrpcChannel.ForAddress(mqtt.GrpcUrl);
        using var stream = new ReadingService.ReadingServiceClient(channel).PushStream(GrpcGrid.With(key.Key));
        foreach (var (from, to) in new[] { (24, 48), (0, 24), (12, 30) })
        {
            var batch = new ReadingBatch { BaseTimeMs = DayOfData.Start.ToUnixTimeMilliseconds(), Meters = { id } };
            for (var i = from; i < to; i++)
            {
                batch.MeterIndex.Add(0);
                batch.TimeDeltaMs.Add((i + 1L) * DayOfData.StepMs);
                batch.Value.Add(DayOfData.RegisterWh(i + 1));
            }

            await stream.RequestStream.WriteAsync(batch);
        }

        await stream.RequestStream.CompleteAsync();
        Assert.All(await stream.ResponseStream.ReadAllAsync().ToListAsync(), a => Assert.Equal(0u, a.Rejected));
    }

    private async Task PublishAsync(string id)
    {
        await OpenAsync(id);
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port);
        await gateway.PublishAsync("accountgrid/v1/G1/readings", DayOfData.Ndjson(id));
        await gateway.PublishAsync("accountgrid/v1/G1/history", DayOfData.Ndjson(id));
    }

    private Task OpenAsync(string id) => OpenAsync(_grid, id);

    /// <summary>An account with a meter whose register stands at the day's beginning.</summary>
    internal static async Task OpenAsync(GridFixture grid, string id)
    {
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest(id, "G1", id, DayOfData.Start, DayOfData.StartWh, IntervalSeconds: DayOfData.StepMs / 1000));
    }

    private async Task<ReplaySummary> ReplayAsync(string text, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var mapping = MeterFileMappings.Read(Encoding.UTF8.GetBytes(json)).Mapping!;
        var content = MeterFileFormats.Read(new MeterFileSource(() => new MemoryStream(bytes)), null, mapping);
        Assert.Empty(content.Errors);
        return await new Replay(_grid.Admin, MeterPlan.Of(content), new ReplayOptions(), TimeProvider.System).RunAsync();
    }

    private async Task<(string Amount, long ChargedWh, long RegisterWh)> ChargedAsync(string id)
    {
        var meter = await Eventually.GetAsync(() => _grid.Admin.GetAsync<MeterAnswer>($"/v1/meters/{id}"), m => m.ChargedWh == DayOfData.Sum && m.HeldWh == 0,
            $"{DayOfData.Sum} Wh charged of {id}");
        return ((await _grid.Admin.GetAsync<BalanceAnswer>($"/v1/accounts/{id}/balance")).Amount, meter.ChargedWh, meter.RegisterWh);
    }
}
