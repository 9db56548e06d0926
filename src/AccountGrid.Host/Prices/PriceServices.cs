namespace AccountGrid.Host.Prices;

/// <summary>The services of notices of prices.</summary>
internal static class PriceServices
{
    public static IServiceCollection AddPrices(this IServiceCollection services) => services
        .AddSingleton<PricePublisher>().AddSingleton<PriceCorrectionStore>().AddSingleton<PriceSeriesReader>()
        .AddSingleton<PriceNoticeStore>().AddSingleton<PriceNoticeSender>()
        .AddSingleton<Publications>().AddSingleton<TariffListStore>().AddSingleton<TariffCorrector>()
        .AddSingleton<TariffListRunner>().AddHostedService(s => s.GetRequiredService<TariffListRunner>())
        .AddSingleton<PriceNotifier>().AddHostedService(s => s.GetRequiredService<PriceNotifier>());
}
