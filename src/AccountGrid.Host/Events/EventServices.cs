namespace AccountGrid.Host.Events;

/// <summary>The services of the list of events.</summary>
internal static class EventServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services, EventOptions options) => services
        .AddSingleton(options).AddSingleton<GridIdentity>().AddSingleton<EventFeed>().AddSingleton<EventWriter>()
        .AddSingleton<EventMarks>().AddHostedService(s => s.GetRequiredService<EventMarks>());
}
