using System.Collections.Concurrent;
using System.Net;
using AccountGrid.Streams.Postgres;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AccountGrid.Streams.Tests;

/// <summary>The provider inside a real silo: what is appended reaches the partition's grain, in order, also from a rewound position.</summary>
public sealed class StreamProviderTests(PostgresFixture postgres)
{
    private const int Partitions = 8;

    [Fact]
    public async Task Batches_reach_their_partitions_grain_in_order_and_a_restart_goes_on()
    {
        var connectionString = await postgres.Server.CreateDatabaseAsync();
        var seen = new ConcurrentDictionary<int, ConcurrentQueue<LogEntry>>();
        using (var host = await StartAsync(connectionString, seen, 0))
        {
            var log = host.Services.GetRequiredService<PostgresLog>();
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => log.AppendAsync(new LogAppend(i % Partitions, 3, BitConverter.GetBytes(i)))));
            await AllSeen(seen, 200);
            await host.StopAsync();
        }

        foreach (var entries in seen.Values)
        {
            Assert.Equal(Enumerable.Range(0, entries.Count).Select(i => 3L * i), entries.Select(e => e.FirstPosition));
        }

        // Nothing was reported consumed, so a new process begins at the beginning.
        var again = new ConcurrentDictionary<int, ConcurrentQueue<LogEntry>>();
        using (var host = await StartAsync(connectionString, again, 0))
        {
            await AllSeen(again, 200);
            await host.Services.GetRequiredService<PostgresLog>().ReportConsumedAsync(0, 75);
            await host.StopAsync();
        }

        var rest = new ConcurrentDictionary<int, ConcurrentQueue<LogEntry>>();
        using (var host = await StartAsync(connectionString, rest, null))
        {
            await AllSeen(rest, 175);
            await host.StopAsync();
        }

        Assert.False(rest.ContainsKey(0));
    }

    [Fact]
    public async Task A_subscriber_that_asks_for_an_earlier_position_is_given_it_from_the_log()
    {
        var connectionString = await postgres.Server.CreateDatabaseAsync();
        var seen = new ConcurrentDictionary<int, ConcurrentQueue<LogEntry>>();
        using var host = await StartAsync(connectionString, seen, 30);
        var log = host.Services.GetRequiredService<PostgresLog>();
        for (var i = 0; i < 50; i++)
        {
            await log.AppendAsync(new LogAppend(0, 1, BitConverter.GetBytes(i)));
        }

        await log.ReportConsumedAsync(0, 45);
        await host.StopAsync();
        var rewound = new ConcurrentDictionary<int, ConcurrentQueue<LogEntry>>();
        using var second = await StartAsync(connectionString, rewound, 30);
        await Eventually.GetAsync(() => Task.FromResult(rewound.GetValueOrDefault(0)?.Count ?? 0), n => n >= 20, "20 entries from position 30 on");
        Assert.Equal(Enumerable.Range(30, 20).Select(i => (long)i), rewound[0].Select(e => e.FirstPosition).Distinct());
        await second.StopAsync();
    }

    [Fact]
    public async Task Events_of_Orleans_own_stream_interface_are_appended_as_bytes()
    {
        var connectionString = await postgres.Server.CreateDatabaseAsync();
        var seen = new ConcurrentDictionary<int, ConcurrentQueue<LogEntry>>();
        using var host = await StartAsync(connectionString, seen, 0);
        var producer = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IProducerGrain>(0);
        await producer.Produce(5, [1, 2, 3]);
        await Eventually.GetAsync(() => Task.FromResult(seen.GetValueOrDefault(5)?.Count ?? 0), n => n == 1, "The event arrived");
        Assert.Equal([1, 2, 3], seen[5].Single().Payload.ToArray());
        await host.StopAsync();
    }

    [Fact]
    public void Every_silo_gets_an_even_share_and_a_leaving_one_moves_only_its_own()
    {
        var silos = Enumerable.Range(0, 3).Select(i => SiloAddress.New(IPAddress.Loopback, 11_000 + i, 1_000 + i)).ToList();
        var owners = Enumerable.Range(0, 256).ToDictionary(p => p, p => Rendezvous.OwnerOf(p, silos)!);
        Assert.All(silos, s => Assert.InRange(owners.Count(o => o.Value.Equals(s)), 60, 112));
        var left = silos.Take(2).ToList();
        Assert.All(owners.Where(o => !o.Value.Equals(silos[2])), o => Assert.Equal(o.Value, Rendezvous.OwnerOf(o.Key, left)));
    }

    private static Task AllSeen(ConcurrentDictionary<int, ConcurrentQueue<LogEntry>> seen, int count) =>
        Eventually.GetAsync(() => Task.FromResult(seen.Values.Sum(q => q.Count)), n => n >= count, $"{count} entries seen");

    private static async Task<IHost> StartAsync(string connectionString, ConcurrentDictionary<int, ConcurrentQueue<LogEntry>> seen, long? from)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var database = NpgsqlDataSource.Create(connectionString);
        await PostgresLogSchema.EnsureAsync(database, Partitions);
        builder.Services.AddSingleton(database).AddSingleton(seen).AddSingleton(new StartAt(from)).AddPostgresLog(o => o.Partitions = Partitions);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(GridProcess.FreePort(), GridProcess.FreePort()).AddPostgresLogStreams("log"));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
