namespace AccountGrid.Host.Surveys;

/// <summary>The services of surveys.</summary>
internal static class SurveyServices
{
    public static IServiceCollection AddSurveys(this IServiceCollection services, SurveyOptions options) => services
        .AddSingleton(options).AddSingleton<SurveyStore>().AddSingleton<SurveySampler>().AddHostedService(s => s.GetRequiredService<SurveySampler>());
}
