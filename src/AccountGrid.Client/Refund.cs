using System.Text.Json.Serialization;

namespace AccountGrid.Client;

/// <summary>Pays credit out.</summary>
/// <param name="Amount">More than zero, in the account's currency.</param>
/// <param name="Reason">Null is none.</param>
public sealed record Refund([property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] decimal Amount, string? Reason = null);
