using System.Collections.Concurrent;
using AccountGrid.Host.Database;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// What a profile's messages do. <see cref="BeginAsync"/> is called for one message at a time, in order; what it returns may go on beside others. Nothing ends
/// in an error: what cannot be done now is tried again until the connection ends, and the broker keeps the message for as long.
/// </summary>
internal sealed partial class MessageHandler(MqttProfile profile, MqttOptions options, ReadingIntake intake, MqttGateways gateways, RefusedMessages refused,
    RelayConfirmations confirmations, ProfileStatus status, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, SparkplugNode> _nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (int Number, DateTimeOffset At)> _heard = new(StringComparer.Ordinal);
    private long _saidAt;

    /// <summary>Gateways that have sent something since then, with their numbers.</summary>
    public IEnumerable<(string Id, int Number)> HeardSince(DateTimeOffset since) => _heard.Where(h => h.Value.At >= since).Select(h => (h.Key, h.Value.Number));

    public bool WasHeardSince(string gateway, DateTimeOffset since) => _heard.TryGetValue(gateway, out var heard) && heard.At >= since;

    /// <summary>A connection begins: what births said may have changed meanwhile.</summary>
    public void ForgetBirths() => _nodes.Clear();

    /// <summary>Sparkplug nodes that are to be asked for their births, by the topic of the command.</summary>
    public IEnumerable<string> TakeRebirths()
    {
        foreach (var (topic, node) in _nodes)
        {
            if (node.NeedsBirth)
            {
                node.NeedsBirth = false;
                yield return topic;
            }
        }
    }

    public async Task<Task<MessageReply?>> BeginAsync(Arrival arrival, CancellationToken cancel)
    {
        status.Arrived(arrival);
        if (confirmations.Match(arrival.Topic) is { } confirming)
        {
            return ConfirmAsync(arrival, confirming, cancel);
        }

        var found = profile.Find(arrival.Topic);
        if (WhyNot(arrival, found is null) is { } wrong)
        {
            return RefuseAsync(arrival, found?.Rule.Reply, found?.Variables ?? [], "", wrong, cancel);
        }

        var (rule, variables) = found!.Value;
        var gateway = rule.GatewayOf(variables);
        var number = await AgainAsync(() => gateways.FindAsync(gateway).AsTask(), cancel);
        if (number == 0)
        {
            return RefuseAsync(arrival, rule.Reply, variables, "", new Refusal(MqttRefusals.GatewayUnknown,
                $"topic: there is no gateway '{MessageText.Short(gateway)}'; register it, or correct the topic."), cancel);
        }

        _heard[gateway] = (number, time.GetUtcNow());
        var births = profile.IsStateful ? _nodes.GetOrAdd(RebirthTopic(arrival.Topic, gateway), _ => new SparkplugNode()) : null;
        var lines = new ReadingLines(intake.LatestMs) { Texts = profile.IsStateful ? [] : null };
        if (MessageDecoder.Decode(profile, rule, variables, arrival.Payload, intake.LatestMs, births, lines) is { } refusal)
        {
            return RefuseAsync(arrival, rule.Reply, variables, gateway, refusal, cancel);
        }

        status.Skipped(lines.Skipped);
        return TakeAsync(new Taking(arrival, rule, variables, gateway, number, lines), cancel);
    }

    private Refusal? WhyNot(Arrival arrival, bool isUnknownTopic) =>
        arrival.Payload.Length > options.MessageBytesMax
            ? new(MqttRefusals.PayloadTooLarge, $"The message has {arrival.Payload.Length} bytes; at most {options.MessageBytesMax} are taken.")
        : isUnknownTopic ? new(MqttRefusals.TopicUnknown, $"topic: '{MessageText.Short(arrival.Topic)}' is not one of profile {profile.Name}.")
        : arrival.IsRetained
            ? new(MqttRefusals.Retained, "retain: it is set; the broker would send the message again at every subscription. Publish without it.")
        : null;

    private async Task<MessageReply?> TakeAsync(Taking taking, CancellationToken cancel)
    {
        var (arrival, rule, variables, gateway, number, lines) = taking;
        var batch = lines.Batch;
        if (batch.Readings.Count == 0 && lines.Refused == 0)
        {
            return MessageReplies.Of(rule.Reply, variables, arrival, 0, 0, 0, []);
        }

        var own = batch.Errors.ToArray();
        var result = await AgainAsync(() =>
        {
            // A try that failed has said of some lines why they cannot pass.
            batch.Errors.Clear();
            batch.Errors.AddRange(own);
            return intake.TakeAsync(batch, number, lines.Refused - own.Length);
        }, cancel);
        var rejected = result.Rejected;
        status.Taken(result.Accepted, result.Duplicates, lines.History);
        if (rejected > 0)
        {
            var later = Later(taking, result.Errors);
            var message = new RefusedMessage(profile.Name, arrival.Topic, gateway, arrival.Payload, result.Errors, rejected, later);
            await AgainAsync(() => refused.AddAsync(message), cancel);
        }

        return MessageReplies.Of(rule.Reply, variables, arrival, result.Accepted, result.Duplicates, rejected, result.Errors);
    }

    /// <summary>
    /// The lines that HTTP would have its sender keep and send again, as their sender cannot: what is wrong is not in them. The message is read once more, with
    /// their texts.
    /// </summary>
    private byte[]? Later(Taking taking, IReadOnlyList<LineRefusal> errors)
    {
        var numbers = errors.Where(e => Resend.Of(e.Refusal.Code) == Resend.Later).Select(e => e.Line).ToHashSet();
        if (numbers.Count == 0)
        {
            return null;
        }

        var texts = taking.Lines.Texts;
        if (texts is null)
        {
            // As of any time: a reading whose time is ahead has no text otherwise.
            var lines = new ReadingLines(long.MaxValue) { Texts = [] };
            _ = MessageDecoder.Decode(profile, taking.Rule, taking.Variables, taking.Arrival.Payload, long.MaxValue, null, lines);
            texts = lines.Texts;
        }

        return System.Text.Encoding.UTF8.GetBytes(string.Join('\n', texts.Where(t => numbers.Contains(t.Line)).Select(t => t.Text)));
    }

    private async Task<MessageReply?> RefuseAsync(Arrival arrival, ReplyRule? reply, IReadOnlyDictionary<string, string> variables, string gateway,
        Refusal why, CancellationToken cancel)
    {
        LineRefusal[] errors = [new(1, why)];
        var message = new RefusedMessage(profile.Name, arrival.Topic, gateway, arrival.Payload, errors, 1, null);
        await AgainAsync(() => refused.AddAsync(message), cancel);
        return MessageReplies.Of(reply, variables, arrival, 0, 0, 1, errors);
    }

    private async Task<MessageReply?> ConfirmAsync(Arrival arrival, IReadOnlyDictionary<string, string> variables, CancellationToken cancel)
    {
        var gateway = variables["gateway"];
        var errors = arrival.IsRetained || arrival.Payload.Length > options.MessageBytesMax
            ? [new LineRefusal(1, WhyNot(arrival, isUnknownTopic: false)!)]
            : await AgainAsync(() => confirmations.TakeAsync(gateway, arrival), cancel);
        if (errors.Count > 0)
        {
            var message = new RefusedMessage(profile.Name, arrival.Topic, gateway, arrival.Payload, errors, errors.Count, null);
            await AgainAsync(() => refused.AddAsync(message), cancel);
        }

        return null;
    }

    private Task AgainAsync(Func<Task> work, CancellationToken cancel) => AgainAsync(async () =>
    {
        await work();
        return true;
    }, cancel);

    /// <summary>
    /// Does something until it is done. Whatever goes wrong may be over soon (a database that is away, a log that closes, a partition that is behind), and to
    /// acknowledge a message for any of it would lose it.
    /// </summary>
    private async Task<T> AgainAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        for (var wait = RetryFirst; ; wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, RetryMax.Ticks)))
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return await work().WaitAsync(cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                Say(e);
                await Task.Delay(wait, time, cancel);
            }
        }
    }

    /// <summary>One line for all messages that wait for the same, now and then.</summary>
    private void Say(Exception cause)
    {
        var now = time.GetTimestamp();
        var before = Interlocked.Read(ref _saidAt);
        if ((before != 0 && time.GetElapsedTime(before, now) < SayEvery) || Interlocked.CompareExchange(ref _saidAt, now, before) != before)
        {
            return;
        }

        if (Http.Problems.IsNotNow(cause))
        {
            NotNow(logger, profile.Name, PassingFaults.Text(cause));
        }
        else
        {
            Failed(logger, profile.Name, cause);
        }
    }

    /// <summary>Where a Sparkplug node takes commands: its births are asked for there.</summary>
    private static string RebirthTopic(string topic, string node) => string.Join('/', [.. topic.Split('/').Take(2), "NCMD", node]);

    private sealed record Taking(Arrival Arrival, MessageRule Rule, IReadOnlyDictionary<string, string> Variables, string Gateway, int Number,
        ReadingLines Lines);

    [LoggerMessage(8001, LogLevel.Warning, "Profile {Profile}: messages cannot be taken now; the broker keeps them, and they are tried again. {Cause}")]
    private static partial void NotNow(ILogger logger, string profile, string cause);

    [LoggerMessage(8002, LogLevel.Error, "Profile {Profile}: a message could not be taken; the broker keeps it, and it is tried again.")]
    private static partial void Failed(ILogger logger, string profile, Exception cause);
}
