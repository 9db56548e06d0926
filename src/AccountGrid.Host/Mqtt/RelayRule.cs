using System.Text.Json;

namespace AccountGrid.Host.Mqtt;

/// <summary>How relay commands are sent to a gateway, and what confirms them.</summary>
internal sealed record RelayRule(TopicPattern Command, JsonElement Body, JsonElement? On, JsonElement? Off, TopicPattern ConfirmTopic, ProfilePointer? Items,
    ProfilePointer Meter, ProfilePointer Sequence, RelayRule.StateRule? State, ProfileTime? Time, IReadOnlyList<ProfileCondition> When)
{
    public sealed record StateRule(ProfilePointer At, JsonElement On, JsonElement Off);
}
