using System.Security.Claims;
using AccountGrid.Host.Database;
using AccountGrid.Host.Events;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Host.Telemetry;

namespace AccountGrid.Host.Webhooks;

/// <summary>Rounds of a webhook: queue what has happened, send what is due, note how it ended.</summary>
internal sealed partial class WebhookRounds(
    WebhookStore store, EventFeed feed, EventWriter writer, WebhookSender sender, PersonalData personal, GridDirectory directory, ApiKeys keys,
    AuditTrail trail, GridOptions grid, EventOptions options, TimeProvider time, ILogger<WebhookRounds> logger)
{
    /// <summary>Requests to one webhook at a time.</summary>
    private const int ParallelMax = 16;

    private const int PageMax = 500;

    /// <summary>So many different events, or attempts that say so, make a receiver away: then one event at a time asks whether it is back.</summary>
    private const int AwayFrom = 5;

    /// <summary>A webhook is not paused for fewer failures, however long ago the first was.</summary>
    private const int PauseFailuresMin = 8;

    private static readonly TimeSpan AwayLongest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CursorPeriod = TimeSpan.FromMinutes(1);

    /// <summary>An event that only a later release knows waits so long, for a process of that release.</summary>
    private static readonly TimeSpan LaterWait = TimeSpan.FromMinutes(5);

    /// <summary>Longer than any wait between two attempts: the grid itself was away, and failures from before say nothing of the receiver now.</summary>
    private static readonly TimeSpan FailuresForgotten = TimeSpan.FromHours(24);

    /// <returns>Whether there is more to do at once; null where the webhook is not held any more.</returns>
    public async Task<bool?> RunAsync(WebhookHold hold, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (await store.RenewAsync(hold.Id, hold.Token, hold.Lease, now, cancel) is not { } webhook)
        {
            return null;
        }

        if (!await IsInForceAsync(hold, webhook.Owner))
        {
            await PauseAsync(hold, "key-ended", "The API key that the webhook was made with, and those that it was rotated to, have ended.");
            return null;
        }

        if (await QueueSomeAsync(hold, webhook, now, cancel) is not { } hasMore)
        {
            return null;
        }

        return webhook.NotBefore > now ? hasMore : await SendSomeAsync(hold, webhook, now, cancel) || hasMore;
    }

    private async Task<bool> IsInForceAsync(WebhookHold hold, string owner)
    {
        async Task<bool> MayAsync(string id) => await keys.FindAsync(id) is { } record && Permissions.Allows(Permissions.QueryAll, record.Role);
        if (await MayAsync(hold.RotatedTo ?? owner))
        {
            return true;
        }

        for (var after = ""; after is not null;)
        {
            var (found, next) = await keys.ListAsync(after, 200);
            foreach (var (id, _) in found.Where(k => k.Record.RotatedFrom == owner))
            {
                if (await MayAsync(id))
                {
                    hold.RotatedTo = id;
                    return true;
                }
            }

            after = next;
        }

        return false;
    }

    /// <summary>Queues the next events. False is nothing more for now, null is not held any more.</summary>
    private async Task<bool?> QueueSomeAsync(WebhookHold hold, WebhookRow webhook, DateTime now, CancellationToken cancel)
    {
        if (!await store.HasRoomAsync(hold.Id, PageMax, cancel))
        {
            return false;
        }

        hold.Cursor ??= PlaceOf(hold, webhook.Cursor);
        var address = webhook.Account is { } account ? await directory.FindAccountAsync(account) : null;
        var filter = webhook.Kinds.Length == 0
            ? EventFilter.All with { Account = address }
            : new EventFilter([.. webhook.Kinds.Select(k => EventCatalog.Find(k)!)], address);
        EventPage page;
        try
        {
            page = await feed.ReadAsync(hold.Cursor, filter, PageMax, cancel);
        }
        catch (EventExpiredException e)
        {
            await PauseAsync(hold, "expired", $"{e.Message} Replay from an instant that is still kept, then resume.");
            return null;
        }

        var passedOverTo = webhook.PassedOverTo is { } stored ? PlaceOf(hold, stored) : null;
        var events = page.Events.FindAll(e => e.AtMs >= webhook.SinceMs || passedOverTo?.IsAhead(e.Place) == true);
        if (events.Count > 0 || time.GetUtcNow() - hold.CursorSavedAt >= CursorPeriod)
        {
            if (!await store.QueueAsync(hold.Id, hold.Token, events, page.Next.ToBytes(hold.Id.ToByteArray()), now, cancel))
            {
                return null;
            }

            hold.CursorSavedAt = time.GetUtcNow();
        }

        hold.Cursor = page.Next;
        return page.HasMore;
    }

    private EventCursor PlaceOf(WebhookHold hold, byte[] stored) => EventCursor.Read(stored, hold.Id.ToByteArray(), grid.Partitions)
        ?? throw new InvalidOperationException($"The stored place of webhook {hold.Id} cannot be read.");

    private async Task<bool> SendSomeAsync(WebhookHold hold, WebhookRow webhook, DateTime now, CancellationToken cancel)
    {
        var isAway = webhook.Failures >= AwayFrom && (hold.AwayRounds > 0 || webhook.NotBefore is not null);
        var due = await store.DueAsync(webhook, now, isAway ? 1 : ParallelMax, cancel);
        if (due.Count == 0)
        {
            return false;
        }

        var found = await feed.FindAsync([.. due.Select(d => d.Place)], cancel);
        var later = found.Where(f => f.Value is null).Select(f => f.Key).ToList();
        if (later.Count > 0)
        {
            LaterMet(logger, hold.Id, later[0].ToString());
            await store.PostponeAsync(hold.Id, hold.Token, later, now + LaterWait, cancel);
            due.RemoveAll(d => later.Contains(d.Place));
            if (due.Count == 0)
            {
                return true;
            }
        }

        var written = (await writer.WriteAsync([.. found.Values.OfType<StoredEvent>()], cancel)).ToDictionary(e => e.Id);
        var secrets = string.Join(' ', webhook.Secrets.Select(personal.Unseal));
        var attempts = await Task.WhenAll(due.Select(d => written.TryGetValue(d.Place.ToString(), out var e)
            ? sender.SendAsync(webhook.Url, secrets, e, d, cancel)
            : Task.FromResult(new WebhookAttempt(d.Place, WebhookSchedule.AttemptsMax, null, 0, "event-unknown", null))));
        await NoteAsync(hold, webhook, attempts, time.GetUtcNow().UtcDateTime);
        return true;
    }

    private async Task NoteAsync(WebhookHold hold, WebhookRow webhook, WebhookAttempt[] attempts, DateTime now)
    {
        var ended = attempts.Select(a => (a, a.IsTaken ? null : NextOf(a, now))).ToList();
        foreach (var (a, next) in ended)
        {
            GridMetrics.Webhook(a.IsTaken ? "taken" : next is null ? "given-up" : "again");
        }

        var isTaken = Array.Exists(attempts, a => a.IsTaken);
        if (isTaken)
        {
            hold.Failed.Clear();
            (hold.TargetFailures, hold.AwayRounds) = (0, 0);
        }

        hold.Failed.UnionWith(attempts.Where(a => !a.IsTaken).Select(a => a.Place));
        hold.TargetFailures += attempts.Count(a => !a.IsTaken && a.IsOfTarget);
        var isAway = !isTaken && (hold.Failed.Count >= AwayFrom || hold.TargetFailures >= AwayFrom || webhook.NotBefore is not null);
        var wait = Math.Min(options.RetrySeconds * Math.Pow(2, Math.Min(hold.AwayRounds, 20)), AwayLongest.TotalSeconds)
            * (0.8 + (0.4 * Random.Shared.NextDouble()));
        hold.AwayRounds += isAway ? 1 : 0;
        var failing = await store.MarkAsync(
            hold.Id, hold.Token, ended, now, isBack: isTaken && webhook.Failures >= AwayFrom, isAway ? now.AddSeconds(wait) : null, now - FailuresForgotten);
        if (Array.Exists(attempts, a => a.IsGone))
        {
            await PauseAsync(hold, "gone", "The receiver answered 410: it wants no more events.");
        }
        else if (!isTaken && failing is { Failures: >= PauseFailuresMin, Since: { } since } && now - since >= TimeSpan.FromHours(options.PauseAfterHours))
        {
            await PauseAsync(hold, "failing", $"Nothing was taken since {since:yyyy-MM-dd'T'HH:mm:ss'Z'}, in {failing.Value.Failures} attempts.");
        }
    }

    private DateTime? NextOf(WebhookAttempt a, DateTime now) =>
        now + WebhookSchedule.After(a.Attempt, TimeSpan.FromSeconds(options.RetrySeconds), Random.Shared.NextDouble(), a.RetryAfter);

    /// <summary>Pauses, and tells: a row of the trail, a line of the log, and the list of webhooks say so.</summary>
    private async Task PauseAsync(WebhookHold hold, string why, string reason)
    {
        if (!await store.PauseAsync(hold.Id, hold.Token, why, reason, time.GetUtcNow().UtcDateTime))
        {
            return;
        }

        Paused(logger, hold.Id, why, reason);
        var self = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "grid"), new(ClaimTypes.Name, "the grid itself")]));
        await trail.AddAsync("", self, "POST", $"/v1/webhooks/{hold.Id}/pause", trail.HashOf(System.Text.Encoding.UTF8.GetBytes(why)), $"webhook {hold.Id}");
    }

    [LoggerMessage(7205, LogLevel.Warning, "Event {Place} waits at webhook {Id}: this release does not know its kind.")]
    private static partial void LaterMet(ILogger logger, Guid id, string place);

    [LoggerMessage(7203, LogLevel.Warning, "Webhook {Id} was paused ({Why}): {Reason}")]
    private static partial void Paused(ILogger logger, Guid id, string why, string reason);
}
