using System.Text.Json;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Faults;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Host.Telemetry;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Notices;

/// <summary>
/// Writes the text of what was decided, then claims messages, hands them to their channels and marks them. Claims are skip-locked and carry a token, so
/// silos share the work; those of a sender that died return when their time is up. What waited is compared with the present before it leaves. Proven
/// delivery goes into the account's log.
/// </summary>
internal sealed partial class OutboxDispatcher(
    IOutboxStore store, IEnumerable<IMessageChannel> channels, NoticeTexts texts, PersonalData personal, IPartitionLog log, TimeProvider time,
    ILogger<OutboxDispatcher> logger, Random? random = null, SurveyLinks? links = null, PageLinks? pages = null)
    : BackgroundService
{
    /// <summary>Messages written at once.</summary>
    private const int ComposeMax = 100;

    /// <summary>Messages claimed at once, all of which are then under way at once: nothing that is claimed waits behind another's time-out.</summary>
    private const int ClaimMax = 16;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>How soon a message whose account was asked is looked at again; its answer makes it due at once.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    /// <summary>How long a claim holds, and so how late a message is whose sender died: half as long again as the slowest channel may take.</summary>
    private readonly TimeSpan _claim = channels.Where(c => c.IsOn).Select(c => c.Timeout).DefaultIfEmpty(TimeSpan.FromSeconds(30)).Max() * 1.5;

    private readonly Dictionary<string, IMessageChannel> _channels = channels.Where(c => c.IsOn).ToDictionary(c => c.Name);

    /// <summary>Composing, and each channel's sending, go on by themselves: a dead mail server holds up mail and nothing else.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            [LoopAsync(ComposeSomeAsync, ComposeMax, stoppingToken),
                .. _channels.Keys.Append("").Select(c => LoopAsync(cancel => SendSomeAsync(c, cancel), ClaimMax, stoppingToken))]);

    private async Task LoopAsync(Func<CancellationToken, Task<int>> round, int full, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await round(stoppingToken) < full)
                {
                    await Task.Delay(Period, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                RoundFailed(logger, e);
                await Task.Delay(Period * 4, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Writes texts and channels of what has none yet, held back or not; what waits is worded again when it is compared with the present.</summary>
    internal Task<int> ComposeSomeAsync(CancellationToken cancel) => store.ComposeAsync(
        ComposeMax,
        m =>
        {
            var (text, language) = TextOf(m);
            return new ComposedMessage(m.Partition, m.Id, language, text.Subject, text.Body,
                JsonSerializer.Serialize(WaysTo(m.Ways), JsonSerializerOptions.Web));
        },
        cancel);

    /// <summary>One round of every channel.</summary>
    internal async Task<int> SendSomeAsync(CancellationToken cancel)
    {
        var sent = 0;
        foreach (var channel in _channels.Keys.Append("").ToList())
        {
            sent += await SendSomeAsync(channel, cancel);
        }

        return sent;
    }

    /// <summary>
    /// One round of a channel: claim, send, mark. Returns how many were claimed. The empty name is for those that are not configured any more.
    /// </summary>
    private async Task<int> SendSomeAsync(string channel, CancellationToken cancel)
    {
        var token = Guid.CreateVersion7();
        var claimed = await store.ClaimAsync(channel, _channels.Keys, token, Now, Now + _claim, ClaimMax, cancel);
        await Task.WhenAll(claimed.Select(c => SendAsync(c, token, cancel)));
        return claimed.Count;
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private (NoticeText Text, string Language) TextOf(DecidedMessage message)
    {
        try
        {
            var facts = JsonSerializer.Deserialize<NoticeFacts>(message.Facts, JsonSerializerOptions.Web)!;
            var link = facts.SurveyId is { } survey ? links?.Of(new(message.Partition, survey, facts.AtMs)) : null;
            var page = pages is { IsOn: true } && message.LinkGeneration is { } generation ? pages.PlaceOf(generation) : null;
            return texts.Render(message.Kind, message.Language, message.Account, facts with { SurveyLink = link }, page);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A kind from a newer build, or facts that cannot be read, must not stop the others; the receiver still gets the facts.
            return (new NoticeText(message.Kind, ""), "");
        }
    }

    /// <summary>A customer's channels that are configured, in order; else the company's webhook, else the file.</summary>
    private List<ContactChannel> WaysTo(string json)
    {
        var ways = JsonSerializer.Deserialize<List<ContactChannel>>(json, JsonSerializerOptions.Web)!.Where(w => _channels.ContainsKey(w.Channel)).ToList();
        return ways.Count > 0 ? ways : [new ContactChannel(_channels.ContainsKey("webhook") ? "webhook" : "file", "")];
    }

    private async Task SendAsync(ClaimedMessage claim, Guid token, CancellationToken cancel)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (claim.Quiet?.After(nowMs) is { } after && after > nowMs && !Sabotage.IgnoreQuietHours)
        {
            // A retry, or a message that waited for its database, must not ring at night either.
            await store.MarkAsync(claim.Partition, claim.Message.Id, token, new HeldMark(Domain.Instants.ToInstant(after).UtcDateTime));
            return;
        }

        if (nowMs - Math.Max(claim.Message.At.ToUnixTimeMilliseconds(), claim.ConfirmedMs) > NoticeTruth.FreshMs && !Sabotage.SendStale)
        {
            await AskAsync(claim, token, nowMs);
            return;
        }

        var way = claim.Ways[Math.Min(claim.Way, claim.Ways.Count - 1)];
        var to = "";
        if (Sabotage.MarkBeforeSend)
        {
            await store.MarkAsync(claim.Partition, claim.Message.Id, token, new SentMark(Now, null));
        }

        Delivery delivery;
        try
        {
            to = personal.Unseal(way.To);
            Failpoint.Reach(Failpoint.OutboxBeforeSend);
            delivery = _channels.TryGetValue(way.Channel, out var channel)
                ? await channel.SendAsync(WithLinks(claim), to, cancel)
                : throw new ChannelRefusedException($"Channel '{way.Channel}' is not configured any more.");
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            await FailAsync(claim, token, e, to);
            return;
        }

        Failpoint.Reach(Failpoint.OutboxAfterSend);
        GridMetrics.Message(claim.Message.Kind, way.Channel, delivery == Delivery.Delivered ? "delivered" : "sent");
        await store.MarkAsync(claim.Partition, claim.Message.Id, token, new SentMark(Now, delivery == Delivery.Delivered ? way.Channel : null));
        if (delivery == Delivery.Delivered && claim.Message.Body.TryGetProperty("policy", out _))
        {
            await ProveAsync(claim, way.Channel);
        }
    }

    /// <summary>Links are made when a message leaves, so that what is kept opens nothing and each opens its page as long as it says.</summary>
    private OutboxMessage WithLinks(ClaimedMessage claim) =>
        pages is null ? claim.Message : claim.Message with { Text = pages.Fill(claim.Message.Text, claim.Account, time.GetUtcNow()) };

    /// <summary>
    /// A message that waited is compared with the present first: its account decides, by a command in its log, and the answer comes with the effects. However
    /// often and by whomever it is asked for, since the last answer it is one command.
    /// </summary>
    private async Task AskAsync(ClaimedMessage claim, Guid token, long nowMs)
    {
        var message = claim.Message;
        try
        {
            var record = LogRecords.Encode(nowMs, new ConfirmNotice(claim.Account, message.Id, NoticeKinds.Find(message.Kind)));
            await log.AppendAsync(
                [new LogAppend(claim.Partition, 1, record, new LogKey($"confirm:{message.Id}:{claim.ConfirmedMs}", BitConverter.GetBytes(claim.ConfirmedMs)))]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            SendFailed(logger, message.Id, message.Attempt, e.GetType().Name, e.Message);
        }

        await store.MarkAsync(claim.Partition, message.Id, token, new HeldMark(Domain.Instants.ToInstant(nowMs).UtcDateTime + AskAgain));
    }

    /// <summary>A proof that cannot be recorded now is no reason to send again: the message is left as sent, and its proof can be reported later.</summary>
    private async Task ProveAsync(ClaimedMessage claim, string channel)
    {
        try
        {
            await ReportAsync(claim, channel, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            SendFailed(logger, claim.Message.Id, claim.Message.Attempt, e.GetType().Name, e.Message);
            await store.UnproveAsync(claim.Partition, claim.Message.Id);
        }
    }

    /// <summary>Puts proven delivery into the account's log, once. Only what a pack decided asks for proof.</summary>
    private Task ReportAsync(ClaimedMessage claim, string channel, long atMs) =>
        ReportDeliveryAsync(log, claim.Partition, claim.Account, claim.Message.Id, channel, atMs);

    internal static async Task ReportDeliveryAsync(IPartitionLog log, int partition, int account, string noticeId, string channel, long atMs)
    {
        var command = new ReportDelivery(account, noticeId, channel, atMs);
        await log.AppendAsync(
            [
                new LogAppend(partition, 1, LogRecords.Encode(atMs, command),
                    new LogKey($"delivery:{noticeId}", System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(noticeId))))]);
    }

    private async Task FailAsync(ClaimedMessage claim, Guid token, Exception cause, string to)
    {
        // A server's words may name the receiver, or the link that it did not like; logs and error columns must not.
        var message = claim.Message;
        var said = Masking.In(LinkText.HideInAnswer(cause.Message), to);
        SendFailed(logger, message.Id, message.Attempt, cause.GetType().Name, said);
        var isLast = claim.Way >= claim.Ways.Count - 1;
        var refused = cause is ChannelRefusedException;
        void Count(string outcome) => GridMetrics.Message(message.Kind, claim.Ways[Math.Min(claim.Way, claim.Ways.Count - 1)].Channel, outcome);
        if (!isLast && (refused || message.Attempt >= DeliverySchedule.AttemptsBeforeNextChannel))
        {
            Count("next-channel");
            await store.MarkAsync(claim.Partition, message.Id, token, new NextWayMark(Now, said));
        }
        else if (!refused
            && DeliverySchedule.After(message.Attempt, (random ?? Random.Shared).NextDouble(), (cause as ChannelBusyException)?.RetryAfter) is { } wait)
        {
            Count("again");
            await store.MarkAsync(claim.Partition, message.Id, token, new AgainMark(Now + wait, said));
        }
        else
        {
            Count("parked");
            await store.MarkAsync(claim.Partition, message.Id, token, new ParkedMark(said));
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "A round of the outbox failed; trying again.")]
    private static partial void RoundFailed(ILogger logger, Exception cause);

    [LoggerMessage(4002, LogLevel.Warning, "Message {Id} was not taken at attempt {Attempt}: {Kind}: {Cause}")]
    private static partial void SendFailed(ILogger logger, string id, int attempt, string kind, string cause);
}
