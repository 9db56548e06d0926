using System.Text.Json;

namespace AccountGrid.Host.Tests.Examples;

/// <summary>A request as it was sent, and its answer.</summary>
/// <param name="Body">Null where it is no JSON.</param>
internal sealed record HttpAnswer(HttpRequestText Request, Uri Address, string Sent, int Status, string Text, JsonElement? Body);
