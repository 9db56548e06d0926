using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrid.Client.Sending;

/// <param name="Commands">Each is read by itself, as a <see cref="RelayCommandLine"/>.</param>
internal sealed record RelayCommandList([property: JsonRequired] IReadOnlyList<JsonElement> Commands);
