using System.Text.Json.Serialization;

namespace AccountGrid.Client.Sending;

/// <summary>The grid's answer to a batch of readings.</summary>
internal sealed record PushAnswer(int Accepted, int Duplicates, int Rejected, [property: JsonRequired] IReadOnlyList<PushError> Errors);
