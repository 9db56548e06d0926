namespace AccountGrid.Host.Measures;

/// <summary>What a process counts of its own work.</summary>
internal static class MeasureServices
{
    public static IServiceCollection AddMeasures(this IServiceCollection services) =>
        services.AddSingleton<GridMeasures>().AddSingleton<FaultLog>().AddSingleton<ILoggerProvider>(s => s.GetRequiredService<FaultLog>());
}
