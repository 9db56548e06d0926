namespace AccountGrid.Host.MeterFiles;

/// <summary>What files with meter data need of the host.</summary>
internal static class MeterFileServices
{
    public static IServiceCollection AddMeterFiles(this IServiceCollection services, MeterFileOptions options)
    {
        services.AddSingleton(options).AddSingleton<MeterFileStore>().AddSingleton<MeterFileJob>().AddSingleton<UsageReader>()
            .AddHostedService<MeterFileWorker>();
        return options.Watched.Length == 0 ? services : services.AddHostedService<WatchedFolder>();
    }
}
