namespace AccountGrid.Host.Hosting;

/// <summary>The services of the process itself.</summary>
internal static class HostingServices
{
    public static IServiceCollection AddHosting(this IServiceCollection services) => services
        .Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(90))
        .AddHostedService(_ => new BackgroundGarbageCollection(BackgroundGarbageCollection.Period))
        .AddSingleton<GridReadiness>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FormatRegistration>().AddHostedService<FormatWatch>()
        .AddSingleton<StandbyWatch>().AddHostedService(s => s.GetRequiredService<StandbyWatch>())
        .AddSingleton<Doctor>().AddSingleton<DoctorWatch>().AddHostedService(s => s.GetRequiredService<DoctorWatch>());
}
