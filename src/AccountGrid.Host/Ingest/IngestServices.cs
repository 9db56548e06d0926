namespace AccountGrid.Host.Ingest;

/// <summary>The services that take readings in.</summary>
internal static class IngestServices
{
    public static IServiceCollection AddIngest(this IServiceCollection services) => services
        .AddSingleton<MeterDirectory>().AddHostedService(s => s.GetRequiredService<MeterDirectory>())
        .AddSingleton<ReadingLog>().AddSingleton<ReadingIntake>();
}
