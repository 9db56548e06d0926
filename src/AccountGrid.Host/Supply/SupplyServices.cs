namespace AccountGrid.Host.Supply;

/// <summary>The services of relays.</summary>
internal static class SupplyServices
{
    public static IServiceCollection AddSupply(this IServiceCollection services) => services
        .AddSingleton<RelayDispatch>().AddSingleton<RelayTests>().AddSingleton<RelayReports>();
}
