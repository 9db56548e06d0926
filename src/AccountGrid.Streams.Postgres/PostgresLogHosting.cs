using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace Orleans.Hosting;

/// <summary>Adds the log, and its stream provider, to a host.</summary>
public static class PostgresLogHosting
{
    /// <summary>
    /// How often what was read ahead is delivered to a partition's subscribers; the price of freshness is an agent's tick for each partition.
    /// </summary>
    private static readonly TimeSpan DeliveryPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Adds <see cref="PostgresLog"/> over the registered <see cref="LogServers"/>, or else the registered <see cref="NpgsqlDataSource"/>: all that a producer
    /// needs.
    /// </summary>
    public static IServiceCollection AddPostgresLog(this IServiceCollection services, Action<PostgresLogOptions>? configure = null)
    {
        var options = new PostgresLogOptions();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(s => new PostgresLog(
            s.GetService<LogServers>() ?? LogServers.One(s.GetRequiredService<NpgsqlDataSource>(), options.Partitions), options,
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<PostgresLog>>()));
        return services;
    }

    /// <summary>
    /// Adds the persistent stream provider over a log that <see cref="AddPostgresLog"/> added. Subscriptions are implicit: a grain class with an
    /// integer key and <c>[ImplicitStreamSubscription]</c> of the log's namespace gets its partition's <see cref="LogBatch"/>es in order.
    /// </summary>
    public static ISiloBuilder AddPostgresLogStreams(this ISiloBuilder silo, string name)
    {
        silo.Services.AddSingleton(
            s => new LogTail(s.GetRequiredService<PostgresLog>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<LogTail>>()));
        return silo.AddPersistentStreams(name, PostgresLogAdapterFactory.Create, streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
            streams.ConfigurePartitionBalancing(RendezvousQueueBalancer.Create);
            streams.ConfigurePullingAgent(agents => agents.Configure(o =>
            {
                // The agent's tick only looks into memory: the tail has read ahead for all partitions. An agent per partition ticks, so it is not free.
                o.GetQueueMsgsTimerPeriod = DeliveryPeriod;

                // Orleans skips a batch that could not be delivered for so long. The log is not to be skipped.
                o.MaxEventDeliveryTime = TimeSpan.FromDays(1);
                o.StreamInactivityPeriod = TimeSpan.FromDays(1);
            }));
            streams.ConfigureBackoffProvider((_, _) => (IQueueReaderBackoffProvider)new ShortBackoff());
            streams.ConfigureBackoffProvider((_, _) => (IMessageDeliveryBackoffProvider)new ShortBackoff());
        });
    }

    /// <summary>Orleans waits 10 to 20 s after a failed read by default; a database that came back should not wait so long.</summary>
    private sealed class ShortBackoff : IQueueReaderBackoffProvider, IMessageDeliveryBackoffProvider
    {
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

        public TimeSpan Next(int attempt) => TimeSpan.FromMilliseconds(Math.Min(Longest.TotalMilliseconds, 50 * Math.Pow(2, Math.Min(attempt, 10))));
    }
}
