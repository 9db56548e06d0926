using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Policies;

/// <summary>The services of policy packs.</summary>
internal static class PolicyServices
{
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services
        .AddSingleton<PolicyCatalog>().AddSingleton<IPriceNotice>(s => s.GetRequiredService<PolicyCatalog>()).AddHostedService<PolicyRefresh>();
}
