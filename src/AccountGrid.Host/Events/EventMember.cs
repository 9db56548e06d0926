using System.Reflection;
using System.Text.Json.Nodes;

namespace AccountGrid.Host.Events;

/// <summary>A member of an event's data.</summary>
/// <param name="Property">Where it comes from.</param>
/// <param name="IsRequired">Whether every event of the kind has it.</param>
/// <param name="Write">Its value; null leaves it out.</param>
internal sealed record EventMember(
    string Name, PropertyInfo Property, JsonObject Schema, JsonNode Example, bool IsRequired, bool IsMoney, EventReference Refers,
    Func<object, EventNames, EventPlace, JsonNode?> Write);
