namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals about events and the webhooks that carry them.</summary>
public static class EventRefusals
{
    public static RefusalCode KindUnknown { get; } =
        new("event.kind_unknown", 422, "There is no such kind of event.", "Use names of GET /v1/events/kinds.");

    public static RefusalCode CursorInvalid { get; } =
        new("event.cursor_invalid", 400, "The cursor is not one of this list.", "Send the nextCursor of an earlier page with the same kind and account.");

    public static RefusalCode CursorExpired { get; } =
        new("event.cursor_expired", 410, "Events behind the cursor are no longer kept for reading: some would be missed.",
            "Read what is missing with the lists of accounts and bills, then begin without a cursor.");

    public static RefusalCode CursorAhead { get; } =
        new("event.cursor_ahead", 409, "The cursor is ahead of the grid: the grid was restored from a backup, and positions are used again.",
            "Begin without a cursor. Ids from after the backup's moment name other events now.");

    public static RefusalCode Unknown { get; } =
        new("event.unknown", 404, "There is no such event.", "Use the id of an event as it was delivered or listed.");

    public static RefusalCode WebhookUnknown { get; } =
        new("webhook.unknown", 404, "There is no such webhook, or it is not the caller's.", "Use an id of GET /v1/webhooks.");

    public static RefusalCode WebhookUrlInvalid { get; } =
        new("webhook.url_invalid", 422, "The address of the webhook is not allowed.",
            "Send an https address that the public can reach; the detail says what is wrong.");

    public static RefusalCode WebhookTooMany { get; } =
        new("webhook.too_many", 422, "The caller has as many webhooks as are allowed.", "Delete one, or give one of them more kinds.");

    public static RefusalCode WebhookMadeAlready { get; } =
        new("webhook.made_already", 409, "The webhook was made before with the same Idempotency-Key. Its secret is not shown again.",
            "If its answer was lost, rotate the secret.");

    public static RefusalCode WebhookOverlapInvalid { get; } =
        new("webhook.overlap_invalid", 422, "The overlap of two secrets is not valid.", "Send 0 to 10,080 minutes.");

    public static RefusalCode WebhookKeyNeeded { get; } =
        new("webhook.key_needed", 403, "A webhook is made with an API key: it ends when the key does.", "Make it with a key of a client or an administrator.");

    public static RefusalCode WebhookOverlapRunning { get; } =
        new("webhook.overlap_running", 409, "The secret was rotated before, and the one before it still signs.",
            "Wait until the overlap is over, or send overlapMinutes 0, which ends all earlier secrets at once.");

    public static RefusalCode WebhookReplayInvalid { get; } =
        new("webhook.replay_invalid", 422, "The replay is not valid.", "Name either an event or an instant that lies in the time that events are kept.");

    public static RefusalCode WebhookPaused { get; } =
        new("webhook.paused", 409, "The webhook cannot be resumed as it is.", "Do what the detail says first.");
}
