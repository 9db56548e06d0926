using AccountGrid.Host.Security;

namespace AccountGrid.Host.Notices;

/// <summary>The services of messages to customers and to the company.</summary>
internal static class NoticeServices
{
    public static IServiceCollection AddNotices(this IServiceCollection services, NoticeOptions options) => services
        .AddSingleton(options).AddSingleton(new NoticeTexts(options)).AddSingleton<SurveyLinks>().AddSingleton<PageLinks>()
        .AddSingleton<PageLinkStore>()
        .AddSingleton<IMessageChannel, FileChannel>().AddSingleton<IMessageChannel, WebhookChannel>().AddSingleton<IMessageChannel, SmsChannel>()
        .AddSingleton<IMessageChannel, EmailChannel>()
        .AddSingleton<IOutboxStore, PostgresOutbox>().AddHostedService<OutboxDispatcher>()
        .AddSingleton<IHeadsReceiver, WebhookHeads>();
}
