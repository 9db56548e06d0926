namespace AccountGrid.Host.Mqtt;

/// <summary>One topic of a profile and what its messages hold.</summary>
/// <param name="Gateway">The gateway, where the topic does not name it.</param>
/// <param name="Readings">Null where the format says it, or there are none.</param>
internal sealed record MessageRule(TopicPattern Topic, string? Gateway, MessageContent Content, ReadingsRule? Readings, ReplyRule? Reply)
{
    public string GatewayOf(IReadOnlyDictionary<string, string> variables) => Gateway ?? variables["gateway"];
}
