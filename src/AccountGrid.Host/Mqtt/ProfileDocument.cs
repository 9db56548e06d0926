using System.Text.Json;

namespace AccountGrid.Host.Mqtt;

/// <summary>A profile as its JSON file has it: which topics one kind of gateway sends on, and what of its messages is a reading. See docs/mqtt.md.</summary>
/// <param name="Name">Its name in settings, counts and answers.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Format"><c>readings</c> (a body of POST /v1/readings), <c>json</c> or <c>sparkplug-b</c>.</param>
/// <param name="Messages">The topics, and what is on them.</param>
/// <param name="Zone">IANA zone of local times; null where there are none, or the setting has it.</param>
/// <param name="Readings">Where the values are, for the messages that do not say it for themselves.</param>
/// <param name="Relay">How relay commands are sent, and what confirms them; null where none are.</param>
internal sealed record ProfileDocument(string Name, string Format, IReadOnlyList<ProfileDocument.MessageDocument> Messages, string? Description = null,
    string? Zone = null, ProfileDocument.ReadingsDocument? Readings = null, ProfileDocument.RelayDocument? Relay = null)
{
    /// <param name="Topic">With <c>{gateway}</c>, the level that names the gateway.</param>
    /// <param name="Gateway">The gateway of all messages, where the topic does not name it.</param>
    /// <param name="Holds"><c>readings</c>; <c>history</c>: the same, sent later; <c>birth</c>, <c>death</c>, <c>node-birth</c> and
    /// <c>node-death</c> of Sparkplug B; <c>nothing</c>, such as a request for a reply.</param>
    /// <param name="Readings">Instead of the profile's own.</param>
    public sealed record MessageDocument(
        string Topic, string? Gateway = null, string Holds = "readings", ReadingsDocument? Readings = null, ReplyDocument? Reply = null);

    /// <param name="Items">The places of the items, such as <c>/{meter}/*</c>; null where the message is one item.</param>
    /// <param name="Meter">A pointer to the meter's id, or <c>{meter}</c>: a level of the topic or of the items.</param>
    /// <param name="When">Items whose values at these places are others hold no readings.</param>
    /// <param name="Quality">Quality names or codes of every reading.</param>
    public sealed record ReadingsDocument(string Meter, IReadOnlyList<RegisterDocument> Registers, TimeDocument? Time = null, string? Items = null,
        IReadOnlyDictionary<string, JsonElement>? When = null, IReadOnlyList<string>? Quality = null);

    /// <param name="Unit"><c>unix-ms</c>, <c>unix-s</c>, <c>rfc3339</c>, or a format of local time such as <c>yyyyMMddHHmmss</c>.</param>
    public sealed record TimeDocument(string At, string Unit);

    /// <param name="At">A pointer to the value; with Sparkplug B the metric's name.</param>
    /// <param name="Unit"><c>Wh</c>, <c>kWh</c> or <c>MWh</c>.</param>
    /// <param name="Scale">Power of ten of the value, −6 to 6.</param>
    /// <param name="Multiply">Pointers to factors, such as a current transformer's ratio; where one is missing the value is refused.</param>
    /// <param name="When">The value counts only where these places have these values.</param>
    public sealed record RegisterDocument(string At, string Obis, string Unit, int Scale = 0, IReadOnlyList<string>? Multiply = null,
        IReadOnlyDictionary<string, JsonElement>? When = null);

    /// <param name="Topic">With variables of the message's topic.</param>
    /// <param name="Taken">The body where everything was taken; null is the answer of POST /v1/readings.</param>
    /// <param name="Refused">The body where something was refused; null is that answer.</param>
    /// <param name="Only"><c>all</c>, or <c>refused</c>: nothing is said of what was taken.</param>
    public sealed record ReplyDocument(string Topic, JsonElement? Taken = null, JsonElement? Refused = null, string Only = "all");

    public sealed record RelayDocument(CommandDocument Command, ConfirmDocument Confirm);

    /// <param name="Body">Its strings <c>{meter}</c>, <c>{sequence}</c>, <c>{action}</c> and <c>{expires}</c> are replaced.</param>
    /// <param name="On">The word that replaces <c>{action}</c> where the relay is to close; null is "on".</param>
    /// <param name="Off">The same where it is to open; null is "off".</param>
    public sealed record CommandDocument(string Topic, JsonElement Body, JsonElement? On = null, JsonElement? Off = null);

    /// <param name="Sequence">A pointer to the command's number.</param>
    /// <param name="State">Where it says the relay's state; null where it says only that the command was carried out.</param>
    /// <param name="Time">When it was so; null is when the message came.</param>
    /// <param name="When">Messages whose values at these places are others confirm nothing.</param>
    public sealed record ConfirmDocument(string Topic, string Meter, string Sequence, string? Items = null, StateDocument? State = null,
        TimeDocument? Time = null, IReadOnlyDictionary<string, JsonElement>? When = null);

    public sealed record StateDocument(string At, JsonElement On, JsonElement Off);
}
