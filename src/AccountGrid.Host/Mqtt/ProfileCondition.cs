using System.Text.Json;

namespace AccountGrid.Host.Mqtt;

/// <summary>A place that must have a value.</summary>
internal sealed record ProfileCondition(ProfilePointer At, JsonElement Value)
{
    public bool Holds(JsonElement item, JsonElement root) => At.Find(item, root) is { } found && IsSame(found, Value);

    public static bool IsSame(JsonElement found, JsonElement wanted) => JsonElement.DeepEquals(found, wanted);
}
