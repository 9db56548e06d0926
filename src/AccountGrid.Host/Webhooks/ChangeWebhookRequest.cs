namespace AccountGrid.Host.Webhooks;

/// <summary>What a webhook is to be from now on. Events that wait already go to the new address as well.</summary>
/// <param name="Kinds">Absent or empty is all. Of kinds that are added here, what happened before now is not sent; see replay.</param>
public sealed record ChangeWebhookRequest(string Url, IReadOnlyList<string>? Kinds = null, bool Ordered = false, string? Description = null);
