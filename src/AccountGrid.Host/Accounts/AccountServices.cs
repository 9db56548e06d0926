namespace AccountGrid.Host.Accounts;

/// <summary>The services of accounts.</summary>
internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddSingleton<AccountReader>().AddSingleton<StreamAccess>().AddSingleton<AccountStreams>()
        .AddSingleton<AccountOpening>().AddSingleton<BulkRegistration>().AddSingleton<Approvals>()
        .AddSingleton<RateComparison>();
}
