namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of whole MQTT messages. They are counted, kept and, where the profile has a reply topic, answered there.</summary>
public static class MqttRefusals
{
    public static RefusalCode Retained { get; } =
        new("mqtt.retained", 0, "The message is retained: the broker sends it again at every subscription.", "Publish readings without the retain flag.");

    public static RefusalCode TopicUnknown { get; } =
        new("mqtt.topic_unknown", 0, "The topic is not one of the profile.", "Publish on a topic of the profile, or add the topic to it.");

    public static RefusalCode PayloadInvalid { get; } =
        new("mqtt.payload_invalid", 0, "The message cannot be read.", "Send it as the profile says; accountgrid mqtt check shows how it is read.");

    public static RefusalCode PayloadTooLarge { get; } =
        new("mqtt.payload_too_large", 0, "The message is too large.", "Send smaller ones, or raise Mqtt__MessageBytesMax.");

    public static RefusalCode GatewayUnknown { get; } =
        new("mqtt.gateway_unknown", 0, "The topic names no gateway that is registered.", "Register the gateway, or correct the topic.");

    public static RefusalCode KeptTooMany { get; } =
        new("mqtt.kept_too_many", 0, "Readings that were tried again each hour were dropped: the gateway, or all together, have too many.",
            "Register the gateway's meters, and send what was dropped again.");

    public static RefusalCode GivenUp { get; } =
        new("mqtt.given_up", 0, "Readings that were tried again each hour for 30 days were given up.",
            "Register the gateway and its meters, and send what was given up again.");

    public static RefusalCode BirthUnknown { get; } =
        new("mqtt.birth_unknown", 0, "The message uses an alias that no birth certificate has defined.",
            "Nothing needs to be done: the node is asked for its births, which have the present values.");
}
