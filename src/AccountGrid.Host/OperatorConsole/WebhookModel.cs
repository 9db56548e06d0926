using AccountGrid.Host.Http;
using AccountGrid.Host.Webhooks;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>A webhook with the log of what it was sent.</summary>
/// <param name="State">Deliveries that are shown, as it stands in the address; null is all.</param>
public sealed record WebhookModel(WebhookAnswer Webhook, string? State, ConsolePart<Page<DeliveryLogAnswer>> Deliveries);
