using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AccountGrid.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>A gateway at a real broker: publishes, and keeps what comes on the topics that it subscribed to.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentQueue<(string Topic, string Text)> _received = new();

    public static async Task<TestGateway> ConnectAsync(int port, string? user = null, string? password = null, params string[] topics)
    {
        var gateway = new TestGateway();
        gateway._client.ApplicationMessageReceivedAsync += e =>
        {
            gateway._received.Enqueue((e.ApplicationMessage.Topic, Encoding.UTF8.GetString(e.ApplicationMessage.Payload.ToArray())));
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithCleanStart();
        var answer = await gateway._client.ConnectAsync((user is null ? options : options.WithCredentials(user, password)).Build());
        Assert.Equal(MqttClientConnectResultCode.Success, answer.ResultCode);
        foreach (var topic in topics)
        {
            await gateway._client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        return gateway;
    }

    public Task PublishAsync(string topic, string text, int qos = 1, bool retain = false, string? correlation = null) =>
        PublishAsync(topic, Encoding.UTF8.GetBytes(text), qos, retain, correlation);

    public async Task PublishAsync(string topic, byte[] payload, int qos = 1, bool retain = false, string? correlation = null)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag(retain)
            .WithQualityOfServiceLevel((MqttQualityOfServiceLevel)qos);
        await _client.PublishAsync((correlation is null ? message : message.WithCorrelationData(Encoding.ASCII.GetBytes(correlation))).Build());
    }

    /// <summary>Waits for a message that is right, and takes it.</summary>
    public async Task<JsonElement> ReceiveAsync(string topic, Func<JsonElement, bool>? isRight = null)
    {
        JsonElement? found = null;
        await Eventually.GetAsync(() =>
        {
            foreach (var (_, text) in _received.Where(r => r.Topic == topic))
            {
                var json = JsonDocument.Parse(text).RootElement.Clone();
                found = isRight?.Invoke(json) == false ? found : json;
            }

            return Task.FromResult(found);
        }, f => f is not null, $"A message on {topic}; there are {string.Join(' ', _received)}");
        return found!.Value;
    }

    public int Count(string topic) => _received.Count(r => r.Topic == topic);

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync();
        _client.Dispose();
    }
}
