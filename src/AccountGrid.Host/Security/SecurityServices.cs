using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Authorization;

namespace AccountGrid.Host.Security;

/// <summary>The services that say who calls, what they may do, and what they did.</summary>
internal static class SecurityServices
{
    public static IServiceCollection AddGridSecurity(this IServiceCollection services, SecurityOptions options)
    {
        Authentication.Add(services, options);
        return services.AddAuthorization(Permissions.Add).AddSingleton<IAuthorizationHandler, AccessHandler>()
            .AddSingleton<ApiKeys>().AddSingleton<CustomerTokens>().AddSingleton<Callers>().AddSingleton<Ownership>().AddSingleton<CallerScope>()
            .AddSingleton<OperatorStore>().AddSingleton<OperatorSessions>()
            .AddSingleton(new PublishingRule(options.TwoPeople)).AddSingleton(new RateLimits(options)).AddSingleton<RefusedLog>()
            .AddSingleton<AuditTrail>().AddSingleton<AuditReader>().AddSingleton<TrailHeads>().AddHostedService(s => s.GetRequiredService<TrailHeads>())
            .AddSingleton<AuditOutcomes>().AddHostedService(s => s.GetRequiredService<AuditOutcomes>());
    }
}
