using System.Text.Json.Nodes;

namespace AccountGrid.Host.Events;

/// <summary>A kind of event.</summary>
/// <param name="Kind">Its name, as filters take it.</param>
/// <param name="Type">The <c>type</c> of its CloudEvents.</param>
/// <param name="Text">What happened, as one sentence.</param>
/// <param name="DataSchema">JSON Schema of its <c>data</c>.</param>
/// <param name="Example">A CloudEvent of it.</param>
public sealed record EventKindAnswer(string Kind, string Type, string Text, JsonObject DataSchema, CloudEvent Example);
