namespace AccountGrid.Host.Accounts;

/// <summary>The services of accounts.</summary>
internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddSingleton<AccountReader>().AddSingleton<ManyAccounts>().AddSingleton<ConsumptionReader>().AddSingleton<TimelineReader>()
        .AddSingleton<StreamAccess>().AddSingleton<AccountStreams>()
        .AddSingleton<AccountOpening>().AddSingleton<BulkRegistration>().AddSingleton<Approvals>()
        .AddSingleton<MonthRating>().AddSingleton<RateComparison>().AddSingleton<ReadingDecider>().AddSingleton<DecisionHistory>();
}
