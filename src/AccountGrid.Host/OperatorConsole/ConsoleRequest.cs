using System.Text.Json.Nodes;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>A request of the API that an operator's entry has become.</summary>
internal sealed record ConsoleRequest(string Method, string Path, JsonObject? Body);
