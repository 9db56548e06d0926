namespace AccountGrid.Host.Figures;

/// <summary>The services of figures.</summary>
internal static class FigureServices
{
    public static IServiceCollection AddFigures(this IServiceCollection services, FigureOptions options) => services
        .AddSingleton(options).AddSingleton<FigureReader>().AddSingleton<FigureProjector>()
        .AddHostedService(s => s.GetRequiredService<FigureProjector>());
}
