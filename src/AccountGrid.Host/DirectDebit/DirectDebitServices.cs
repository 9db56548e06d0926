namespace AccountGrid.Host.DirectDebit;

/// <summary>What direct debit needs of the host.</summary>
internal static class DirectDebitServices
{
    public static IServiceCollection AddDirectDebit(this IServiceCollection services) => services
        .AddSingleton<MandateStore>().AddSingleton<Mandates>().AddSingleton<DebitStore>().AddSingleton<DebitAccounts>().AddSingleton<DebitAnnouncements>()
        .AddSingleton<DebitRuns>()
        .AddSingleton<DebitResultStore>().AddSingleton<DebitResults>().AddSingleton<DebitBookkeeper>()
        .AddHostedService(s => s.GetRequiredService<DebitBookkeeper>())
        .AddSingleton<DebitSchedule>().AddHostedService(s => s.GetRequiredService<DebitSchedule>());
}
