namespace AccountGrid.Host.Payments;

/// <summary>What payment channels need of the host.</summary>
internal static class PaymentServices
{
    public static IServiceCollection AddPayments(this IServiceCollection services, PaymentChannelOptions options) =>
        services.AddSingleton(options).AddSingleton<PaymentChannelCatalog>()
            .AddSingleton<ChannelPaymentStore>().AddSingleton<ChannelPayments>().AddSingleton<ChannelBooking>()
            .AddSingleton<InternalAccounts>().AddSingleton<AgentStore>().AddSingleton<Agents>().AddSingleton<ChannelCallers>().AddSingleton<ChannelQueries>()
            .AddSingleton<ChannelBookkeeper>().AddHostedService(s => s.GetRequiredService<ChannelBookkeeper>());
}
