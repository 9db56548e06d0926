namespace AccountGrid.Host.Mqtt;

/// <summary>What is answered to a message, and where.</summary>
/// <param name="Taken">Null is the answer of POST /v1/readings.</param>
/// <param name="Refused">Null is that answer.</param>
internal sealed record ReplyRule(TopicPattern Topic, byte[]? Taken, byte[]? Refused, bool OnlyRefused);
