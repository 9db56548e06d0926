using System.Text.Json.Serialization;

namespace AccountGrid.Client;

/// <summary>Corrects a balance by a person's decision.</summary>
/// <param name="Amount">A credit if positive, a debit if negative, in the account's currency.</param>
/// <param name="Reason">At most 256 characters.</param>
/// <param name="Corrects">Id of the adjustment that it takes back, whole or in part, as its receipt has it; null is none.</param>
public sealed record Adjustment(
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] decimal Amount, string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Corrects = null);
