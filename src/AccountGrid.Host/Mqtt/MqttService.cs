using System.Globalization;
using AccountGrid.Host.Database;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Supply;
using Npgsql;

namespace AccountGrid.Host.Mqtt;

/// <summary>The role mqtt: a bridge for each profile of the settings.</summary>
internal sealed class MqttService(MqttOptions options, IReadOnlyList<MqttProfile> profiles, ReadingIntake intake, MqttGateways gateways,
    RefusedMessages refused, RelayReports reports, RelayDispatch dispatch, NpgsqlDataSource database, TimeProvider time, ILogger<MqttService> logger)
    : BackgroundService
{
    /// <summary>What the connections of this process do.</summary>
    public IReadOnlyList<ProfileStatus> Status { get; } = [.. profiles.Select(p => new ProfileStatus(p.Name))];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var tls = options.Tls ? BrokerTls.Load(options) : null;
        var grid = await GridIdAsync(stoppingToken);
        await Task.WhenAll(profiles.Select((profile, i) =>
        {
            var confirmations = new RelayConfirmations(profile.Relay, gateways, reports, Status[i], time);
            var handler = new MessageHandler(profile, options, intake, gateways, refused, confirmations, Status[i], time, logger);
            var client = options.ClientId.Length > 0 && !profile.IsStateful ? options.ClientId : $"accountgrid-{grid}";
            var bridge = new ProfileBridge(profile, $"{client}-{profile.Name}", $"accountgrid-{grid}", options, tls, handler, dispatch, database, Status[i],
                time, logger);
            return bridge.RunAsync(stoppingToken);
        }));
    }

    /// <summary>Tells this grid from another at the same broker.</summary>
    private async Task<string> GridIdAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await using var command = database.CreateCommand("select id from grid");
                return ((Guid)(await command.ExecuteScalarAsync(cancel))!).ToString("N", CultureInfo.InvariantCulture)[..12];
            }
            catch (Exception e) when (PassingFaults.Is(e) && !cancel.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
            }
        }
    }
}
