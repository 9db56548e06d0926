using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AccountGrid.Streams.Postgres;
using Npgsql;
using Orleans.Streams;

namespace AccountGrid.LoadTest.Commands;

/// <summary>
/// From the producer's call to the consuming grain, per event of 12 bytes: the durable log against Orleans' in-memory streams, in one silo, in turns
/// A B A B. Once with an event a call, once packed 500 to a call. CPU is this process's; PostgreSQL's own is not in it.
/// </summary>
internal static class StreamCost
{
    private const int Partitions = 8;
    private const int EventBytes = 12;
    private const int Callers = 64;

    public static async Task<int> RunAsync(string connectionString, int turns)
    {
        if (connectionString.Length == 0)
        {
            await Console.Error.WriteLineAsync("Give --connection, or set ConnectionStrings__AccountGrid.");
            return 2;
        }

        using var host = await StartAsync(connectionString);
        var log = host.Services.GetRequiredService<PostgresLog>();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var arrivals = host.Services.GetRequiredService<Arrivals>();
        foreach (var (packed, events) in new[] { (1, 40_000), (500, 4_000_000) })
        {
            Func<int, byte[], Task> toLog = (p, bytes) => log.AppendAsync(new LogAppend(p, packed, bytes));
            Func<int, byte[], Task> toMemory = (p, bytes) => grains.GetGrain<IMemoryProducer>(p).Produce(bytes);
            await MeasureAsync(toLog, arrivals, packed, events / 4);
            await MeasureAsync(toMemory, arrivals, packed, events / 4);
            var a = new List<Cost>();
            var b = new List<Cost>();
            for (var turn = 0; turn < turns; turn++)
            {
                a.Add(await MeasureAsync(toLog, arrivals, packed, events));
                b.Add(await MeasureAsync(toMemory, arrivals, packed, events));
            }

            Print(packed, events, "PostgreSQL log", a, "memory streams", b);
        }

        await host.StopAsync();
        return 0;
    }

    private static async Task<Cost> MeasureAsync(Func<int, byte[], Task> produce, Arrivals arrivals, int packed, int events)
    {
        var calls = events / packed;
        var payload = new byte[packed * EventBytes];
        arrivals.Reset();
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var cpu = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < calls; i = Interlocked.Increment(ref next))
            {
                await produce(i % Partitions, payload);
            }
        })));
        await arrivals.ReachedAsync((long)calls * payload.Length);
        var wall = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        return new Cost(wall.TotalMicroseconds / events, (process.TotalProcessorTime - cpu).TotalMicroseconds / events);
    }

    private static void Print(int packed, int events, string nameA, List<Cost> a, string nameB, List<Cost> b)
    {
        Console.WriteLine($"{events} events of {EventBytes} bytes, {packed} a call, {Callers} callers: medians of {a.Count} turns, microseconds an event");
        Console.WriteLine($"  {nameA,-16} wall {Median(a, c => c.WallMicroseconds),8:0.000}   cpu {Median(a, c => c.CpuMicroseconds),8:0.000}");
        Console.WriteLine($"  {nameB,-16} wall {Median(b, c => c.WallMicroseconds),8:0.000}   cpu {Median(b, c => c.CpuMicroseconds),8:0.000}");
        var ratios = a.Zip(b, (x, y) => x.WallMicroseconds / y.WallMicroseconds).Order().ToList();
        Console.WriteLine($"  ratio of wall    {ratios[ratios.Count / 2]:0.00} (from {ratios[0]:0.00} to {ratios[^1]:0.00})");
    }

    private static double Median(List<Cost> costs, Func<Cost, double> of) => costs.Select(of).Order().ElementAt(costs.Count / 2);

    private static async Task<IHost> StartAsync(string connectionString)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        var database = NpgsqlDataSource.Create(connectionString);
        await PostgresLogSchema.EnsureAsync(database, Partitions);
        builder.Services.AddSingleton(database).AddSingleton<Arrivals>()
            .AddPostgresLog(o => (o.Partitions, o.StreamNamespace) = (Partitions, LogConsumer.StreamNamespace));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort());
            silo.AddPostgresLogStreams("log");
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams("memory", m =>
            {
                m.ConfigurePartitioning(Partitions);
                m.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
                m.ConfigurePullingAgent(a => a.Configure(o => o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(20)));
            });
        });
        var host = builder.Build();
        await host.StartAsync();

        // What an earlier run left is none of this one's events.
        var log = host.Services.GetRequiredService<PostgresLog>();
        for (var p = 0; p < Partitions; p++)
        {
            await log.ReportConsumedAsync(p, await log.HeadAsync(p));
        }

        return host;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private readonly record struct Cost(double WallMicroseconds, double CpuMicroseconds);
}
