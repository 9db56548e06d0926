using System.Text.Json.Serialization;

namespace AccountGrid.Client.Sending;

internal sealed record RelayResultList([property: JsonRequired] IReadOnlyList<RelayResult> Results);
