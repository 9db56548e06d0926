using System.Text.Json.Nodes;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>A version of a product or policy pack.</summary>
/// <param name="From">First day; null is from the beginning.</param>
/// <param name="State"><c>announced</c>, <c>in-force</c>, <c>ended</c> or <c>withdrawn</c>.</param>
/// <param name="Mark">Beginning of the hash that decisions are stored with; null for a product.</param>
public sealed record DefinitionVersion(string Id, int Version, string? From, string State, string Currency, string? Mark, JsonObject Definition);
