using System.Buffers;
using System.Globalization;
using System.Text;
using AccountGrid.Host.Database;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// One connection to a broker, from its begin to its end. Never used again after it: an acknowledgement that is late can then never reach another connection,
/// where its number would mean another message.
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IMqttClient _client;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _stateTopic;
    private readonly long _bornMs;

    private BrokerConnection(IMqttClient client, string? stateTopic, long bornMs) => (_client, _stateTopic, _bornMs) = (client, stateTopic, bornMs);

    /// <summary>Completes with the reason when the connection ends.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Whether the broker still had this client's session.</summary>
    public bool HadSession { get; private set; }

    /// <summary>Connects and subscribes.</summary>
    /// <param name="onArrival">Called for each message, in order; must neither wait nor throw.</param>
    /// <exception cref="BrokerException">The broker is away, refuses the connection, or refuses a subscription.</exception>
    public static async Task<BrokerConnection> OpenAsync(MqttOptions options, Action<MqttClientTlsOptionsBuilder>? tls, BrokerSession session, long nowMs,
        Action<BrokerConnection, Arrival> onArrival, CancellationToken cancel)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        var connection = new BrokerConnection(client, session.StateTopic, nowMs);
        client.DisconnectedAsync += e =>
        {
            connection._ended.TrySetResult(e.Exception is { } x ? PassingFaults.Text(x) : $"{e.Reason} {e.ReasonString}".Trim());
            return Task.CompletedTask;
        };
        client.ApplicationMessageReceivedAsync += e =>
        {
            e.AutoAcknowledge = false;
            var m = e.ApplicationMessage;
            onArrival(connection, new Arrival(m.Topic, m.Payload.ToArray(), m.Retain, (int)m.QualityOfServiceLevel, m.Dup, m.CorrelationData,
                e.AcknowledgeAsync));
            return Task.CompletedTask;
        };
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            end.CancelAfter(Patience);
            var answer = await client.ConnectAsync(OptionsOf(options, tls, session, nowMs), end.Token);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw new BrokerException($"The broker refuses the connection: {answer.ResultCode} {answer.ReasonString}".TrimEnd());
            }

            connection.HadSession = answer.IsSessionPresent;
            await connection.SubscribeAsync(session, end.Token);
            await connection.SayAsync(isThere: true, end.Token);
            return connection;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            await connection.DisposeAsync();
            throw e as BrokerException ?? new BrokerException(e is OperationCanceledException
                ? $"The broker does not answer within {Patience.TotalSeconds} s."
                : PassingFaults.Text(e), e);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes with QoS 1 and returns when the broker has it.</summary>
    /// <param name="expirySeconds">The broker drops it then; 0 is never.</param>
    /// <returns>Whether anybody has subscribed to it, as far as the broker says.</returns>
    /// <exception cref="BrokerException">The broker refuses it or is away.</exception>
    public async Task<bool> PublishAsync(string topic, byte[] payload, byte[]? correlation, uint expirySeconds, CancellationToken cancel, bool retain = false)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag(retain)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (correlation is not null)
        {
            message.WithCorrelationData(correlation);
        }

        if (expirySeconds > 0)
        {
            message.WithMessageExpiryInterval(expirySeconds);
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            end.CancelAfter(Patience);
            var result = await _client.PublishAsync(message.Build(), end.Token);
            return result.ReasonCode switch
            {
                MqttClientPublishReasonCode.Success => true,
                MqttClientPublishReasonCode.NoMatchingSubscribers => false,
                _ => throw new BrokerException($"The broker refuses to publish on {topic}: {result.ReasonCode} {result.ReasonString}".TrimEnd()),
            };
        }
        catch (Exception e) when (e is not BrokerException && !cancel.IsCancellationRequested)
        {
            throw new BrokerException($"{topic}: {PassingFaults.Text(e)}", e);
        }
    }

    /// <summary>Ends the connection in order; the session stays at the broker.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var end = new CancellationTokenSource(Patience);
            await SayAsync(isThere: false, end.Token);
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), end.Token);
        }
        catch (Exception e) when (e is MqttCommunicationException or BrokerException or OperationCanceledException or InvalidOperationException)
        {
            // It has ended by itself.
        }

        _client.Dispose();
        _ended.TrySetResult("closed");
    }

    private async Task SubscribeAsync(BrokerSession session, CancellationToken cancel)
    {
        foreach (var filter in session.Gone)
        {
            await _client.UnsubscribeAsync(new MqttClientUnsubscribeOptions { TopicFilters = { filter } }, cancel);
        }

        var filters = session.Shared.Select(f => Filter(f, isShared: true)).Concat(session.Own.Select(f => Filter(f, isShared: false))).ToList();
        var answer = await _client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = filters }, cancel);
        if (answer.Items.FirstOrDefault(i => i.ResultCode is not MqttClientSubscribeResultCode.GrantedQoS1) is { } refused)
        {
            throw new BrokerException($"The broker refuses the subscription to {refused.TopicFilter.Topic} with QoS 1: {refused.ResultCode}.");
        }
    }

    /// <summary>The retain flag is asked for as it was published, so that a message which the broker will send again and again is known.</summary>
    private static MQTTnet.Packets.MqttTopicFilter Filter(string filter, bool isShared) => new()
    {
        Topic = filter,
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        NoLocal = !isShared,
        RetainAsPublished = true,
        RetainHandling = MqttRetainHandling.SendAtSubscribe,
    };

    /// <summary>Says whether this host is there, as Sparkplug 3.0 (6.4.20) asks of one that edge nodes wait for.</summary>
    private async Task SayAsync(bool isThere, CancellationToken cancel)
    {
        if (_stateTopic is not null && _client.IsConnected)
        {
            await PublishAsync(_stateTopic, State(isThere, _bornMs), null, 0, cancel, retain: true);
        }
    }

    private static byte[] State(bool isThere, long bornMs) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"online\":{(isThere ? "true" : "false")},\"timestamp\":{bornMs}}}"));

    private static MqttClientOptions OptionsOf(MqttOptions options, Action<MqttClientTlsOptionsBuilder>? tls, BrokerSession session, long nowMs)
    {
        var port = options.Port != 0 ? options.Port : options.Tls ? 8883 : 1883;
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).WithTcpServer(options.Server, port).WithClientId(session.ClientId)
            .WithCleanStart(false).WithSessionExpiryInterval((uint)options.SessionExpirySeconds).WithReceiveMaximum((ushort)options.InFlightMax)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(options.KeepAliveSeconds)).WithTimeout(Patience);
        if (options.User.Length > 0)
        {
            // Read anew: a password may have been changed.
            var password = options.PasswordFile.Length > 0 ? File.ReadAllText(options.PasswordFile).Trim() : options.Password;
            builder.WithCredentials(options.User, password);
        }

        if (tls is not null)
        {
            builder.WithTlsOptions(tls);
        }

        if (session.StateTopic is not null)
        {
            builder.WithWillTopic(session.StateTopic).WithWillPayload(State(false, nowMs)).WithWillRetain()
                .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        }

        return builder.Build();
    }
}
