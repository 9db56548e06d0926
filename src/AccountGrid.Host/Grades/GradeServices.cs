namespace AccountGrid.Host.Grades;

/// <summary>The services of risk grades.</summary>
internal static class GradeServices
{
    /// <param name="zone">IANA zone of the company's months.</param>
    public static IServiceCollection AddGrades(this IServiceCollection services, string zone) => services
        .AddSingleton(new GradeOptions(zone)).AddSingleton<GradeSource>().AddSingleton<GradeStore>().AddSingleton<OutlookReader>()
        .AddSingleton<GradeKeeper>().AddHostedService(s => s.GetRequiredService<GradeKeeper>());
}
