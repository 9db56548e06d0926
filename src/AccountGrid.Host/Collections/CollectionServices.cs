namespace AccountGrid.Host.Collections;

/// <summary>The services of arrears and cases.</summary>
internal static class CollectionServices
{
    public static IServiceCollection AddCollections(this IServiceCollection services) => services
        .AddSingleton<CustomerCommands>();
}
