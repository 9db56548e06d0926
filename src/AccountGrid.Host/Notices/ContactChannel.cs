namespace AccountGrid.Host.Notices;

/// <summary>One way to a customer, in order of preference.</summary>
/// <param name="Channel">Name of the channel.</param>
/// <param name="To">Number or address there; empty for a webhook, which goes to the company's own endpoint.</param>
public sealed record ContactChannel(string Channel, string To);
