namespace AccountGrid.Host.Cases;

/// <summary>What cases need of the host.</summary>
internal static class CaseServices
{
    public static IServiceCollection AddCases(this IServiceCollection services) => services
        .AddSingleton<CaseCalendars>().AddSingleton<CaseDesk>().AddSingleton<CaseStore>().AddSingleton<CaseCallers>()
        .AddSingleton<CaseEscalation>().AddHostedService(s => s.GetRequiredService<CaseEscalation>());
}
