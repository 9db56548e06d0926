namespace AccountGrid.Host.Webhooks;

/// <summary>A webhook with its secret, which is shown this once.</summary>
/// <param name="Secret"><c>whsec_</c> and base64 of 32 bytes.</param>
public sealed record WebhookSecretAnswer(WebhookAnswer Webhook, string Secret);
