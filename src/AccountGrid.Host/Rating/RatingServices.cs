namespace AccountGrid.Host.Rating;

/// <summary>The services of tariffs.</summary>
internal static class RatingServices
{
    public static IServiceCollection AddRating(this IServiceCollection services) => services
        .AddSingleton<TariffCatalog>().AddSingleton(s => s.GetRequiredService<TariffCatalog>().Prices)
        .AddHostedService<PriceReader>()
        .AddSingleton<ProductAnnouncements>();
}
