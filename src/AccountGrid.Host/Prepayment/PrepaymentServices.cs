namespace AccountGrid.Host.Prepayment;

/// <summary>The services of offers of prepaid terms.</summary>
internal static class PrepaymentServices
{
    public static IServiceCollection AddPrepayment(this IServiceCollection services, PrepaymentOptions options) => services
        .AddSingleton(options).AddSingleton<PrepaymentEstimator>().AddSingleton<PrepaymentStore>()
        .AddSingleton<PrepaymentSwitcher>().AddHostedService(s => s.GetRequiredService<PrepaymentSwitcher>())
        .AddSingleton<PrepaymentLister>().AddHostedService(s => s.GetRequiredService<PrepaymentLister>());
}
