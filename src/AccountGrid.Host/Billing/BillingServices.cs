namespace AccountGrid.Host.Billing;

/// <summary>The services of bills.</summary>
internal static class BillingServices
{
    public static IServiceCollection AddBilling(this IServiceCollection services, BillOptions options) => services.AddSingleton(options)
        .AddHostedService<BillWriter>();
}
