namespace AccountGrid.Host.Exports;

/// <summary>What exported files need of the host.</summary>
internal static class ExportServices
{
    public static IServiceCollection AddExports(this IServiceCollection services) => services.AddSingleton<ExportReader>();
}
