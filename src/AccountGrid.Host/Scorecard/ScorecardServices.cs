namespace AccountGrid.Host.Scorecard;

/// <summary>The services of the scorecard of payment channels.</summary>
internal static class ScorecardServices
{
    public static IServiceCollection AddScorecard(this IServiceCollection services) => services
        .AddSingleton<ScorecardReader>()
        .AddSingleton<ScoreKeeper>().AddHostedService(s => s.GetRequiredService<ScoreKeeper>())
        .AddSingleton<ChannelProber>().AddHostedService(s => s.GetRequiredService<ChannelProber>());
}
