namespace AccountGrid.Host.Notices;

/// <summary>A message that was decided and has no text yet.</summary>
/// <param name="Partition">The partition of its account; with the id, what it is known by.</param>
/// <param name="Language">The customer's; null is the company's.</param>
/// <param name="Facts">The facts that it was decided by, as JSON.</param>
/// <param name="Ways">The customer's channels, as JSON.</param>
/// <param name="LinkGeneration">Which links of the customer's page are in force; null is that the message gets none.</param>
internal sealed record DecidedMessage(
    int Partition, string Id, string Kind, string Account, string Facts, string? Language, string Ways, int? LinkGeneration = null);
