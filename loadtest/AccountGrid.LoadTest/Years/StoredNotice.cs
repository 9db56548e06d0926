using System.Text.Json;

namespace AccountGrid.LoadTest.Years;

/// <summary>A message as the outbox holds it.</summary>
internal sealed record StoredNotice(string Id, string Kind, long Position, long CreatedMs, string State, JsonElement Body, bool IsLate);
