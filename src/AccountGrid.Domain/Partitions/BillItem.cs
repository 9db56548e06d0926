using System.Text.Json.Serialization;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>What of one debit was unpaid when a bill was closed, before the bill's own charges became a debit. Late fees are in none.</summary>
/// <param name="DueDay">Last local day on which it was to be paid, as a bill before this one asked; 0 where this bill asks for it.</param>
/// <param name="Amount">Unpaid, above 0.</param>
/// <param name="Position">Position of the record that made it; 0 where a bill did, or where it grew day by day.</param>
/// <param name="Bill">Number of the bill that it is; 0 where it is none.</param>
public sealed record BillItem(
    ItemKind Kind, int DueDay, [property: JsonPropertyName("nano"), JsonConverter(typeof(NanoConverter))] Money Amount, long Position, int Bill);
