using System.Text.Json.Serialization;

namespace AccountGrid.Client;

/// <summary>A payment.</summary>
/// <param name="Amount">More than zero, at most nine decimals, in the account's currency.</param>
/// <param name="Channel">Where it was paid: bank, wallet, counter and so on.</param>
/// <param name="Reference">The channel's own id; null is none.</param>
public sealed record Payment([property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] decimal Amount, string Channel, string? Reference = null);
