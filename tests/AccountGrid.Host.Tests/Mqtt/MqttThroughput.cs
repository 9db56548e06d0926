using System.Diagnostics;
using System.Globalization;
using System.Text;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>
/// A measurement, run by name: readings per second from publishers through mosquitto to acknowledgement, with 1, 10 and 100 readings a message. Publishers,
/// broker, grid and database share the machine; about a minute.
/// <c>AccountGrid.Host.Tests -explicit only -class AccountGrid.Host.Tests.Mqtt.MqttThroughput</c>.
/// </summary>
public sealed class MqttThroughput(ITestOutputHelper output)
{
    private const int Meters = 1_000;
    private const int Publishers = 4;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    [Fact(Explicit = true)]
    public async Task Readings_per_second_by_the_size_of_messages()
    {
        var mqtt = new MqttGrid();
        await mqtt.InitializeAsync();
        try
        {
            var meters = Enumerable.Range(0, Meters).Select(i => $"TP{i:0000}").ToArray();
            foreach (var part in meters.Chunk(100))
            {
                await mqtt.OpenAsync("TP", part);
            }

            var at = DateTimeOffset.Parse("2026-03-02T00:00:00+08:00", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
            foreach (var size in new[] { 1, 10, 100, 100 })
            {
                var before = await mqtt.CountAsync("accountgrid", "readings");
                var began = Stopwatch.GetTimestamp();
                var sent = 0L;
                await Task.WhenAll(Enumerable.Range(0, Publishers).Select(p => Task.Run(async () =>
                {
                    await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port);
                    var mine = meters.Where((_, i) => i % Publishers == p).ToArray();
                    for (var round = 0; Stopwatch.GetElapsedTime(began) < Length; round++)
                    {
                        var ms = at + (round * 1_000L);
                        await Task.WhenAll(mine.Chunk(size).Select(part => gateway.PublishAsync("accountgrid/v1/TP/readings",
                            Encoding.ASCII.GetBytes(string.Concat(part.Select(m => $"{{\"meter\":\"{m}\",\"ts\":{ms},\"value\":{round}}}\n"))))));
                        Interlocked.Add(ref sent, mine.Length);
                    }
                })));
                var published = Stopwatch.GetElapsedTime(began);
                await Eventually.GetAsync(() => mqtt.CountAsync("accountgrid", "readings"), n => n - before >= sent, "All readings are taken");
                var taken = Stopwatch.GetElapsedTime(began);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{size} a message: {sent} readings, published in {published.TotalSeconds:0.0} s, taken after {taken.TotalSeconds:0.0} s: "
                        + $"{sent / taken.TotalSeconds:0}/s"));
                at += 100_000_000;
            }

            Assert.Equal(0, await mqtt.CountAsync("accountgrid", "sessionsLost"));
        }
        finally
        {
            await mqtt.DisposeAsync();
        }
    }
}
