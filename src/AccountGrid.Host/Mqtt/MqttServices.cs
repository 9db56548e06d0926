using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AccountGrid.Host.Mqtt;

/// <summary>The services of the role mqtt.</summary>
internal static class MqttServices
{
    /// <exception cref="Database.StartException">A profile or a setting is wrong.</exception>
    public static IServiceCollection AddMqtt(this IServiceCollection services, MqttOptions options)
    {
        services.AddSingleton(options).AddSingleton<RefusedMessages>();
        if (options.Server.Length == 0)
        {
            return services;
        }

        var profiles = ShippedProfiles.Read(options);
        _ = options.Tls ? BrokerTls.Load(options) : null;
        services.AddSingleton(profiles).AddSingleton<MqttGateways>();
        services.TryAddSingleton<MqttService>();
        return services.AddHostedService(s => s.GetRequiredService<MqttService>()).AddHostedService<LaterReadings>();
    }
}
