using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Metering;

/// <summary>The services of meters.</summary>
internal static class MeteringServices
{
    public static IServiceCollection AddMetering(this IServiceCollection services) => services
        .AddSingleton<MeterDays>().AddSingleton<MeterRatioReader>().AddSingleton<MeterRegistration>().AddSingleton<ExceptionList>();
}
