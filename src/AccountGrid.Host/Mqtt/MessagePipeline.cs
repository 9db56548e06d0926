using System.Threading.Channels;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// The messages of one connection: begun in order, done beside each other so that they share the log's commits, acknowledged in order (MQTT 5, 4.6) and only
/// when done. Ends with its connection; what was not acknowledged then, the broker delivers on the next.
/// </summary>
internal sealed class MessagePipeline(MessageHandler handler, MqttOptions options, ProfileStatus status, TimeProvider time)
{
    /// <summary>
    /// Bytes of messages without a promise (QoS 0) that may wait. The broker sends those whatever waits here, so memory must have another bound.
    /// </summary>
    private const long UnpromisedBytesMax = 32 << 20;

    /// <summary>Memory that a message takes besides its topic and payload, about, in bytes.</summary>
    private const int MessageBytes = 512;

    /// <summary>How long an orderly end waits for what was begun.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    /// <summary>Replies that wait; more are dropped and counted. A reply that is missing is no reading that is missing.</summary>
    private const int RepliesMax = 1_000;

    /// <summary>Replies that are on their way at once: fewer than brokers let a client have by default.</summary>
    private const int RepliesAtOnce = 8;

    private readonly Channel<Arrival> _arrived = Channel.CreateUnbounded<Arrival>(new() { SingleReader = true });

    private readonly Channel<(Arrival Arrival, Task<MessageReply?> Work)> _begun =
        Channel.CreateUnbounded<(Arrival, Task<MessageReply?>)>(new() { SingleReader = true, SingleWriter = true });

    /// <summary>When the messages arrived that are not acknowledged, begun or not; the lock of itself and of <see cref="_isOver"/>.</summary>
    private readonly Queue<DateTimeOffset> _open = new();

    private readonly Channel<MessageReply> _replies = Channel.CreateBounded<MessageReply>(RepliesMax);
    private readonly SemaphoreSlim _places = new(options.InFlightMax);
    private long _unpromisedBytes;
    private bool _isOver;

    /// <summary>Takes a message from the connection; never waits.</summary>
    public void Offer(Arrival arrival)
    {
        if (arrival.Qos == 0 && Interlocked.Add(ref _unpromisedBytes, BytesOf(arrival)) > UnpromisedBytesMax)
        {
            Interlocked.Add(ref _unpromisedBytes, -BytesOf(arrival));
            status.Overrun();
            return;
        }

        lock (_open)
        {
            _open.Enqueue(time.GetUtcNow());
            ShowOldest();
            _arrived.Writer.TryWrite(arrival);
        }
    }

    private static int BytesOf(Arrival arrival) => arrival.Payload.Length + (2 * arrival.Topic.Length) + MessageBytes;

    private void ShowOldest() => status.OldestUnacknowledged = !_isOver && _open.TryPeek(out var oldest) ? oldest : null;

    /// <summary>Runs until the connection ends, an acknowledgement fails, or the process stops; in the last case what was begun is finished first.</summary>
    public async Task RunAsync(BrokerConnection connection, CancellationToken stop)
    {
        using var end = new CancellationTokenSource();
        using var begin = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Token);
        var loops = new List<Task> { BeginAsync(begin.Token, end.Token), AcknowledgeAsync(end.Token) };
        loops.AddRange(Enumerable.Range(0, RepliesAtOnce).Select(_ => ReplyAsync(connection, end.Token)));
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
        await Task.WhenAny([connection.Ended, stopped, loops[0], loops[1]]);
        if (stop.IsCancellationRequested && !connection.Ended.IsCompleted)
        {
            await Task.WhenAny(Task.WhenAll(loops), connection.Ended, Task.Delay(EndPatience, time, CancellationToken.None));
        }

        await end.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_open)
        {
            _isOver = true;
            ShowOldest();
        }
    }

    /// <summary>Begins messages in order. What has not begun when the process stops stays at the broker.</summary>
    private async Task BeginAsync(CancellationToken begin, CancellationToken end)
    {
        try
        {
            while (true)
            {
                var arrival = await _arrived.Reader.ReadAsync(begin);
                await _places.WaitAsync(begin);
                _begun.Writer.TryWrite((arrival, await handler.BeginAsync(arrival, end)));
            }
        }
        finally
        {
            _begun.Writer.TryComplete();
        }
    }

    private async Task AcknowledgeAsync(CancellationToken end)
    {
        await foreach (var (arrival, work) in _begun.Reader.ReadAllAsync(end))
        {
            var reply = await work;
            if (arrival.Qos == 0)
            {
                Interlocked.Add(ref _unpromisedBytes, -BytesOf(arrival));
            }
            else
            {
                await arrival.Acknowledge(end);
            }

            lock (_open)
            {
                _open.Dequeue();
                ShowOldest();
            }

            _places.Release();
            if (reply is not null && !_replies.Writer.TryWrite(reply))
            {
                status.ReplyLost();
            }
        }

        _replies.Writer.TryComplete();
    }

    private async Task ReplyAsync(BrokerConnection connection, CancellationToken end)
    {
        await foreach (var reply in _replies.Reader.ReadAllAsync(end))
        {
            try
            {
                await connection.PublishAsync(reply.Topic, reply.Body, reply.Correlation, 0, end);
            }
            catch (BrokerException)
            {
                status.ReplyLost();
            }
        }
    }
}
