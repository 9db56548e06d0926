namespace AccountGrid.Host.Telemetry;

/// <summary>What is looked up in the database now and then, because it cannot be counted in one process.</summary>
/// <param name="OutboxWaiting">
/// Messages that are due, or that a channel failed to take; <see cref="GridSampler.CountMax"/> of either is that many or more.
/// </param>
/// <param name="OutboxAgeSeconds">How long the oldest of them has been due; of one that a channel failed to take, since it was decided.</param>
/// <param name="CutsHeld">Planned cuts that wait for a person.</param>
/// <param name="QuarantinedRecords">Quarantined records that nobody has decided about.</param>
/// <param name="CutsStopped">Whether all cuts are stopped.</param>
/// <param name="GatewaysSilent">Gateways that have pushed lately and push nothing now.</param>
/// <param name="WebhooksPaused">Webhooks that the grid has paused, and nobody has resumed.</param>
internal sealed record GridSample(
    long OutboxWaiting, double OutboxAgeSeconds, long CutsHeld, long QuarantinedRecords, bool CutsStopped, long GatewaysSilent,
    long WebhooksPaused);
