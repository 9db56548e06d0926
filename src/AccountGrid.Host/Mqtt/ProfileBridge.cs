using AccountGrid.Host.Database;
using AccountGrid.Host.Supply;
using MQTTnet;
using Npgsql;

namespace AccountGrid.Host.Mqtt;

/// <summary>One profile at the broker: holds its client id, connects again and again, and takes its messages.</summary>
internal sealed partial class ProfileBridge(MqttProfile profile, string clientId, string shareGroup, MqttOptions options,
    Action<MqttClientTlsOptionsBuilder>? tls, MessageHandler handler, RelayDispatch dispatch, NpgsqlDataSource database, ProfileStatus status,
    TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private readonly ClientLease _lease = new(database, clientId, time);

    /// <summary>Whether this client id was connected before, by this process or another.</summary>
    private bool _wasConnected;

    /// <summary>Works until the process stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _lease.HoldAsync(KeepConnectedAsync, () => status.State = "standing by", stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                Say($"the database does not answer: {PassingFaults.Text(e)}");
            }
            catch (OperationCanceledException)
            {
                // The process stops.
            }

            await Task.Delay(FirstWait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        status.State = "stopped";
    }

    private async Task KeepConnectedAsync(CancellationToken stop)
    {
        var wait = FirstWait;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var began = time.GetTimestamp();
                var reason = await ConnectedAsync(stop);
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                Say($"the connection has ended: {reason}");
                wait = time.GetElapsedTime(began) > TimeSpan.FromSeconds(options.ReconnectMaxSeconds) ? FirstWait : wait;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                Say(e is BrokerException ? e.Message : PassingFaults.Text(e));
            }

            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, TimeSpan.FromSeconds(options.ReconnectMaxSeconds).Ticks));
        }
    }

    /// <summary>One connection; returns why it ended.</summary>
    private async Task<string> ConnectedAsync(CancellationToken stop)
    {
        handler.ForgetBirths();
        var session = await SessionAsync(stop);
        var pipeline = new MessagePipeline(handler, options, status, time);
        await using var connection = await BrokerConnection.OpenAsync(options, tls, session, time.GetUtcNow().ToUnixTimeMilliseconds(),
            (_, arrival) => pipeline.Offer(arrival), stop);
        await RememberAsync(session, stop);
        if (!connection.HadSession && _wasConnected)
        {
            status.SessionLost();
            SessionLost(logger, profile.Name);
        }

        _wasConnected = true;
        status.State = "connected";
        Connected(logger, profile.Name, options.Server, clientId);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var besides = new List<Task> { RebirthsAsync(connection, end.Token) };
        if (profile.Relay is { } relay)
        {
            besides.Add(new RelaySender(relay, handler, dispatch, options, time, logger).RunAsync(connection, end.Token));
        }

        await pipeline.RunAsync(connection, stop);
        await end.CancelAsync();
        await Task.WhenAll(besides).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return connection.Ended.IsCompleted ? await connection.Ended : "an acknowledgement could not be sent";
    }

    private async Task<BrokerSession> SessionAsync(CancellationToken cancel)
    {
        // Without its state a Sparkplug message means nothing: one process has all of them.
        var readings = profile.Messages.Select(m => profile.IsStateful ? m.Topic.Filter : $"$share/{shareGroup}/{m.Topic.Filter}").ToList();
        var shared = profile.IsStateful ? [] : readings;
        var own = (profile.IsStateful ? readings : []).Concat(profile.Relay is { } relay ? [relay.ConfirmTopic.Filter] : []).ToList();
        await using var command = database.CreateCommand("select filters from mqtt_session where client = $1");
        Statements.Add(command, clientId);
        var before = (string[]?)await command.ExecuteScalarAsync(cancel) ?? [];
        _wasConnected |= before.Length > 0;
        var state = profile.IsStateful && options.SparkplugHost.Length > 0 ? $"spBv1.0/STATE/{options.SparkplugHost}" : null;
        return new BrokerSession(clientId, shared, own, [.. before.Except(shared).Except(own)], state);
    }

    private async Task RememberAsync(BrokerSession session, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "insert into mqtt_session (client, filters) values ($1, $2) on conflict (client) do update set filters = excluded.filters");
        Statements.Add(command, session.ClientId, session.Shared.Concat(session.Own).ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Asks Sparkplug nodes for their births, each at most once in the period.</summary>
    private async Task RebirthsAsync(BrokerConnection connection, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), time);
        while (await timer.WaitForNextTickAsync(end))
        {
            foreach (var topic in handler.TakeRebirths())
            {
                try
                {
                    await connection.PublishAsync(topic, SparkplugPayload.Rebirth(time.GetUtcNow().ToUnixTimeMilliseconds()), null, 60, end);
                }
                catch (BrokerException e)
                {
                    Say(e.Message);
                }
            }
        }
    }

    private void Say(string problem)
    {
        status.State = problem;
        Problem(logger, profile.Name, options.Server, problem);
    }

    [LoggerMessage(8005, LogLevel.Information, "Profile {Profile} is connected to {Server} as {Client}.")]
    private static partial void Connected(ILogger logger, string profile, string server, string client);

    [LoggerMessage(8006, LogLevel.Warning, "Profile {Profile} at {Server}: {Problem}")]
    private static partial void Problem(ILogger logger, string profile, string server, string problem);

    [LoggerMessage(8007, LogLevel.Warning,
        "Profile {Profile}: the broker had forgotten the session. Messages that it had acknowledged and not delivered are lost, unless senders keep them.")]
    private static partial void SessionLost(ILogger logger, string profile);
}
