namespace AccountGrid.Host.Webhooks;

/// <summary>The services of webhooks.</summary>
internal static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services) => services
        .AddSingleton<WebhookStore>().AddSingleton<WebhookRegister>().AddSingleton<WebhookSender>().AddSingleton<WebhookRounds>()
        .AddHostedService<WebhookDispatcher>();
}
