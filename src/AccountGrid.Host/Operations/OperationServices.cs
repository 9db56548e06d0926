namespace AccountGrid.Host.Operations;

/// <summary>The services of the operators' overview.</summary>
internal static class OperationServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services) =>
        services.AddSingleton<GridReader>().AddSingleton<SilentMeterReader>()
            .AddSingleton<ProcessReporter>().AddHostedService(s => s.GetRequiredService<ProcessReporter>());
}
