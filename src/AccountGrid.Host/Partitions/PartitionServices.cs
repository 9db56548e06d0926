using AccountGrid.Host.Database;

namespace AccountGrid.Host.Partitions;

/// <summary>The services of partitions and of their log.</summary>
internal static class PartitionServices
{
    public static IServiceCollection AddPartitions(this IServiceCollection services, GridOptions options, LogOptions logOptions)
    {
        services.AddPostgresLog(l =>
        {
            (l.Partitions, l.StreamNamespace) = (options.Partitions, PartitionGrain.StreamNamespace);
            (l.LagMax, l.QueuedBytesMax, l.CommandTimeout) =
                (logOptions.LagMax, logOptions.QueuedBytesMax, TimeSpan.FromSeconds(logOptions.CommandTimeoutSeconds));
        });
        return services.AddSingleton(new AccountPartitions(options.Partitions)).AddSingleton<GridDirectory>()
            .AddSingleton<PartitionStore>().AddSingleton<EffectsWriter>().AddSingleton<IPartitionLog, PartitionLog>().AddHostedService<TransferMover>();
    }

    /// <summary>Behind the silo's services: hosted services stop in reverse order, and states are written while the silo is in its cluster.</summary>
    public static IServiceCollection AddDeparture(this IServiceCollection services) =>
        services.AddSingleton<Departure>().AddHostedService(s => s.GetRequiredService<Departure>());
}
