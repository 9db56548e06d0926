namespace AccountGrid.Host.Mqtt;

/// <summary>A checked profile.</summary>
/// <param name="Name">In settings, counts and answers.</param>
/// <param name="Format">How its messages are written.</param>
internal sealed record MqttProfile(string Name, PayloadFormat Format, IReadOnlyList<MessageRule> Messages, RelayRule? Relay)
{
    /// <summary>Whether a message means something by those before it: one process then has all of them, in order.</summary>
    public bool IsStateful => Format == PayloadFormat.SparkplugB;

    /// <summary>What a topic's messages are, with the topic's variables. Null where none of its own.</summary>
    public (MessageRule Rule, Dictionary<string, string> Variables)? Find(string topic)
    {
        foreach (var rule in Messages)
        {
            if (rule.Topic.Match(topic) is { } variables)
            {
                return (rule, variables);
            }
        }

        return null;
    }
}
