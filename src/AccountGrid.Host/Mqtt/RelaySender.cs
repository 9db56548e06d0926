using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AccountGrid.Host.Database;
using AccountGrid.Host.Supply;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// Publishes relay commands for the gateways that were heard lately, as GET /v1/gateways/{id}/commands hands them out. A gateway that is not there gets none: a
/// cut must not wait at the broker while its customer pays.
/// </summary>
internal sealed partial class RelaySender(RelayRule rule, MessageHandler handler, RelayDispatch dispatch, MqttOptions options, TimeProvider time,
    ILogger logger)
{
    /// <summary>A command that was not confirmed is published again so soon; until then the broker may keep it for its gateway, and no longer.</summary>
    private static readonly TimeSpan CutLife = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestoreLife = TimeSpan.FromSeconds(60);

    /// <summary>How long one question for a gateway's commands waits for the first.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, Task> _asking = [];

    public async Task RunAsync(BrokerConnection connection, CancellationToken end)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            foreach (var (id, number) in handler.HeardSince(time.GetUtcNow().AddSeconds(-options.GatewayHeardSeconds)))
            {
                if (!_asking.TryGetValue(number, out var asking) || asking.IsCompleted)
                {
                    _asking[number] = SendAsync(connection, id, number, end);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    /// <summary>Publishes what one gateway may carry out now, and again what it has not confirmed, for as long as it is heard.</summary>
    private async Task SendAsync(BrokerConnection connection, string id, int number, CancellationToken end)
    {
        var sent = new Dictionary<(string Meter, int Sequence, string Action), DateTimeOffset>();
        while (handler.WasHeardSince(id, time.GetUtcNow().AddSeconds(-options.GatewayHeardSeconds)))
        {
            try
            {
                foreach (var command in await dispatch.TakeAsync(number, Patience, end))
                {
                    var life = command.Action == "on" ? RestoreLife : CutLife;
                    var key = (command.Meter, command.Sequence, command.Action);
                    if (sent.TryGetValue(key, out var at) && time.GetUtcNow() - at < life)
                    {
                        continue;
                    }

                    await PublishAsync(connection, id, command, life, end);
                    sent[key] = time.GetUtcNow();
                }
            }
            catch (Exception e) when (!end.IsCancellationRequested)
            {
                Failed(logger, id, PassingFaults.Text(e));
            }

            await Task.Delay(Period, time, end);
        }
    }

    private async Task PublishAsync(BrokerConnection connection, string gateway, RelayCommand command, TimeSpan life, CancellationToken end)
    {
        var topic = rule.Command.Fill(new Dictionary<string, string> { ["gateway"] = gateway, ["meter"] = command.Meter });
        var left = command.Expires is { } expires ? expires - time.GetUtcNow() : life;
        if (topic is null || left <= TimeSpan.Zero)
        {
            return;
        }

        var seconds = (uint)Math.Max(1, Math.Min(life.TotalSeconds, left.TotalSeconds));
        if (!await connection.PublishAsync(topic, Body(command), null, seconds, end))
        {
            NobodyThere(logger, gateway, topic);
        }
    }

    internal byte[] Body(RelayCommand command) => JsonSerializer.SerializeToUtf8Bytes(Fill(JsonNode.Parse(rule.Body.GetRawText()), command));

    private JsonNode? Fill(JsonNode? node, RelayCommand command)
    {
        switch (node)
        {
            case JsonObject members:
                return new JsonObject(members.ToArray().Select(m => KeyValuePair.Create(m.Key, Fill(m.Value, command))));
            case JsonArray elements:
                return new JsonArray([.. elements.Select(e => Fill(e, command))]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return text switch
                {
                    "{meter}" => command.Meter,
                    "{sequence}" => command.Sequence,
                    "{action}" => (command.Action == "on" ? rule.On : rule.Off) is { } word ? JsonNode.Parse(word.GetRawText()) : command.Action,
                    "{expires}" => command.Expires?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                    _ => text,
                };
            default:
                return node?.DeepClone();
        }
    }

    [LoggerMessage(8003, LogLevel.Warning, "Relay commands of gateway {Gateway} could not be published; trying again. {Cause}")]
    private static partial void Failed(ILogger logger, string gateway, string cause);

    [LoggerMessage(8004, LogLevel.Warning, "Nobody has subscribed to the relay commands of gateway {Gateway} on {Topic}.")]
    private static partial void NobodyThere(ILogger logger, string gateway, string topic);
}
