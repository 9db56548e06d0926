namespace AccountGrid.Host.Policies;

/// <summary>The services of policy packs.</summary>
internal static class PolicyServices
{
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services
        .AddSingleton<PolicyCatalog>().AddHostedService<PolicyRefresh>();
}
