namespace AccountGrid.Host.CustomerPages;

/// <summary>Customers' pages.</summary>
internal static class CustomerPageServices
{
    public static IServiceCollection AddCustomerPages(this IServiceCollection services) => services.AddSingleton<CustomerPageLimits>();
}
