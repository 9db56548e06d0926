namespace AccountGrid.Host.Webhooks;

/// <summary>A webhook to be made.</summary>
/// <param name="Url">Where to, https.</param>
/// <param name="Kinds">Names of kinds of events; absent or empty is all, those that are added later as well.</param>
/// <param name="Account">Events of one account only.</param>
/// <param name="Ordered">Whether an event of an account waits until the one before it was taken, or given up.</param>
/// <param name="From">From which instant on; absent is from now on.</param>
public sealed record WebhookRequest(
    string Url, IReadOnlyList<string>? Kinds = null, string? Account = null, bool Ordered = false, DateTimeOffset? From = null, string? Description = null);
