using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Mqtt;

/// <summary>Reads a profile and checks all of it, so that a message never meets a rule that cannot work.</summary>
internal sealed class ProfileReader
{
    /// <summary>Topics of one profile: each is a subscription.</summary>
    private const int MessagesMax = 32;

    /// <summary>Registers of one item: all that a meter has, by rate and direction.</summary>
    private const int RegistersMax = 32;

    private const int ScaleMax = 6;

    private static readonly JsonSerializerOptions Options = ApiJson.Strict(new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    });

    private readonly List<string> _wrong = [];
    private readonly PayloadFormat _format;
    private readonly TimeZoneInfo? _zone;

    private ProfileReader(PayloadFormat format, TimeZoneInfo? zone) => (_format, _zone) = (format, zone);

    /// <summary>A profile from its file, or all that is wrong with it, each by its place.</summary>
    /// <param name="zone">Zone of local times where the profile names none; null where the settings have none.</param>
    public static (MqttProfile? Profile, IReadOnlyList<string> Wrong) Read(ReadOnlySpan<byte> json, string? zone)
    {
        ProfileDocument document;
        try
        {
            document = JsonSerializer.Deserialize<ProfileDocument>(BatchReader.WithoutMark(json), Options) ?? throw new JsonException("The file is empty.");
        }
        catch (JsonException e)
        {
            return (null, [$"{Problems.MemberOf(e)}: {Plainly(e.Message.ReplaceLineEndings(" "))}"]);
        }

        PayloadFormat? format = document.Format switch
        {
            "readings" => PayloadFormat.Readings,
            "json" => PayloadFormat.Json,
            "sparkplug-b" => PayloadFormat.SparkplugB,
            _ => null,
        };
        if (format is null)
        {
            return (null, [$"format: '{document.Format}' is not readings, json or sparkplug-b."]);
        }

        zone = document.Zone ?? zone;
        TimeZoneInfo? found = null;
        if (!string.IsNullOrEmpty(zone) && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out found))
        {
            return (null, [$"zone: '{zone}' is not the name of a time zone, such as Asia/Shanghai."]);
        }

        var reader = new ProfileReader(format.Value, found);
        var profile = reader.Profile(document);
        return reader._wrong.Count == 0 ? (profile, []) : (null, [.. reader._wrong.Distinct()]);
    }

    /// <summary>The reader of JSON names its own options and types of .NET, which nobody who writes a profile knows.</summary>
    private static string Plainly(string message) => message.Contains("could not be mapped", StringComparison.Ordinal)
        ? "a profile has no such member here; docs/mqtt.md has all."
        : message.Contains("missing required", StringComparison.Ordinal) ? $"a member is missing: {message[(message.LastIndexOf(':') + 1)..].Trim()}"
        : message.Contains("could not be converted", StringComparison.Ordinal) ? "it is not what a profile has here; docs/mqtt.md has all."
        : MessageText.Short(message);

    private MqttProfile Profile(ProfileDocument document)
    {
        if (Requests.CheckId("name", document.Name) is { } wrong)
        {
            _wrong.Add(wrong.Detail);
        }

        if (document.Messages.Count is 0 or > MessagesMax)
        {
            _wrong.Add($"messages: {document.Messages.Count} are given; 1 to {MessagesMax} are needed.");
        }

        var messages = document.Messages.Select((m, i) => Message(m, document.Readings, $"messages/{i}")).ToList();
        if (messages.GroupBy(m => m.Topic?.Filter).FirstOrDefault(g => g.Key is not null && g.Count() > 1) is { } twice)
        {
            _wrong.Add($"messages: the topics of {twice.Key} are given twice.");
        }

        return new MqttProfile(document.Name, _format, messages, document.Relay is null ? null : Relay(document.Relay));
    }

    private MessageRule Message(ProfileDocument.MessageDocument message, ProfileDocument.ReadingsDocument? shared, string at)
    {
        var topic = Topic(message.Topic, $"{at}/topic");
        MessageContent? content = (message.Holds, _format) switch
        {
            ("readings", _) => MessageContent.Readings,
            ("history", _) => MessageContent.History,
            ("birth", PayloadFormat.SparkplugB) => MessageContent.Birth,
            ("node-birth", PayloadFormat.SparkplugB) => MessageContent.NodeBirth,
            ("death", PayloadFormat.SparkplugB) => MessageContent.Death,
            ("node-death", PayloadFormat.SparkplugB) => MessageContent.NodeDeath,
            ("nothing", _) => MessageContent.Nothing,
            _ => null,
        };
        if (content is null)
        {
            _wrong.Add($"{at}/holds: '{message.Holds}' is not readings, history or nothing (or, with sparkplug-b, birth, death, node-birth or node-death).");
        }

        var isNamed = topic?.Variables.Contains("gateway") ?? true;
        if (isNamed == message.Gateway is not null && topic is not null)
        {
            _wrong.Add(isNamed
                ? $"{at}/gateway: '{message.Gateway}' and the topic's {{gateway}} cannot both name the gateway."
                : $"{at}/topic: '{topic}' has no level {{gateway}}; write it, or give the one gateway of these messages as gateway.");
        }

        if (content == MessageContent.Death && topic?.Variables.Contains("meter") == false)
        {
            _wrong.Add($"{at}/topic: '{topic}' has no level {{meter}}, the device that has gone.");
        }

        var readings = message.Readings ?? shared;
        if (_format == PayloadFormat.Readings && readings is not null)
        {
            _wrong.Add($"{at}/readings: the format readings has the fields of POST /v1/readings and no others to name.");
        }

        var needs = _format != PayloadFormat.Readings && content is MessageContent.Readings or MessageContent.History or MessageContent.Birth;
        if (needs && readings is null)
        {
            _wrong.Add($"{at}/readings: missing; it says where the meter, the time and the registers are.");
        }

        return new MessageRule(topic!, message.Gateway, content ?? default,
            needs && readings is not null ? Readings(readings, topic, $"{(message.Readings is null ? "" : at + "/")}readings") : null,
            message.Reply is null ? null : Reply(message.Reply, topic, $"{at}/reply"));
    }

    private ReadingsRule Readings(ProfileDocument.ReadingsDocument readings, TopicPattern? topic, string at)
    {
        var isSparkplug = _format == PayloadFormat.SparkplugB;
        var items = readings.Items is null ? null : Pointer(readings.Items, $"{at}/items");
        var known = (topic?.Variables ?? []).Concat(items?.Variables ?? []).ToList();
        var variable = readings.Meter is ['{', .., '}'] ? readings.Meter[1..^1] : null;
        if (variable is not null && !known.Contains(variable))
        {
            _wrong.Add($"{at}/meter: {readings.Meter} is no variable of the topic or of the items; those are {string.Join(", ", known)}.");
        }

        if (isSparkplug != readings.Time is null)
        {
            _wrong.Add(isSparkplug
                ? $"{at}/time: the metrics of Sparkplug B have their own."
                : $"{at}/time: missing; a reading without its time is never taken.");
        }

        if (isSparkplug && (items is not null || variable is not "meter" || readings.When is not null))
        {
            _wrong.Add($"{at}: with sparkplug-b the meter is {{meter}}, a level of the topic, and there are no items and no when.");
        }

        if (readings.Registers.Count is 0 or > RegistersMax)
        {
            _wrong.Add($"{at}/registers: {readings.Registers.Count} are given; 1 to {RegistersMax} are needed.");
        }

        foreach (var name in readings.Quality ?? [])
        {
            var quality = ReadingQuality.None;
            if (!QualityCodes.TryParse(name, ref quality))
            {
                _wrong.Add($"{at}/quality: '{name}' is neither a name such as 'estimated' nor a CIM code such as '1.1.9'.");
            }
        }

        return new ReadingsRule(items, variable is null ? One(readings.Meter, $"{at}/meter") : null, variable,
            readings.Time is null ? null : Time(readings.Time, $"{at}/time"),
            [.. readings.Registers.Select((r, i) => Register(r, $"{at}/registers/{i}"))], Conditions(readings.When, $"{at}/when"), readings.Quality ?? []);
    }

    private RegisterRule Register(ProfileDocument.RegisterDocument register, string at)
    {
        var isSparkplug = _format == PayloadFormat.SparkplugB;
        if (Obis.TryParse(register.Obis, out var kind) is not ObisProblem.None and var problem)
        {
            _wrong.Add($"{at}/obis: '{register.Obis}' {Obis.Explain(problem)}");
        }

        var (unit, units) = kind == RegisterKind.Reactive
            ? (register.Unit switch { "varh" => 1m, "kvarh" => 1_000m, "Mvarh" => 1_000_000m, _ => 0m }, "varh, kvarh or Mvarh, the units of reactive energy")
            : (register.Unit switch { "Wh" => 1m, "kWh" => 1_000m, "MWh" => 1_000_000m, _ => 0m }, "Wh, kWh or MWh");
        if (unit == 0)
        {
            _wrong.Add($"{at}/unit: '{register.Unit}' is not {units}.");
        }

        if (register.Scale is < -ScaleMax or > ScaleMax)
        {
            _wrong.Add($"{at}/scale: {register.Scale} is not {-ScaleMax} to {ScaleMax}.");
        }

        if (isSparkplug && (register.Multiply is not null || register.When is not null))
        {
            _wrong.Add($"{at}: with sparkplug-b a register is a metric by its name, without multiply and when.");
        }

        var scale = 1m;
        for (var i = 0; i < Math.Min(Math.Abs(register.Scale), ScaleMax); i++)
        {
            scale *= register.Scale > 0 ? 10m : 0.1m;
        }

        return new RegisterRule(isSparkplug ? null : One(register.At, $"{at}/at"), register.At, register.Obis, unit * scale,
            [.. (register.Multiply ?? []).Select((m, i) => One(m, $"{at}/multiply/{i}"))], Conditions(register.When, $"{at}/when"));
    }

    private ReplyRule Reply(ProfileDocument.ReplyDocument reply, TopicPattern? request, string at)
    {
        var topic = Topic(reply.Topic, $"{at}/topic");
        var missing = topic?.Variables.Except(request?.Variables ?? []).FirstOrDefault();
        if (missing is not null)
        {
            _wrong.Add($"{at}/topic: {{{missing}}} is no variable of the message's topic.");
        }

        if (topic is not null && topic.Filter == request?.Filter)
        {
            _wrong.Add($"{at}/topic: '{topic}' is the topic of the messages themselves; the reply would be read as one of them.");
        }

        if (reply.Only is not ("all" or "refused"))
        {
            _wrong.Add($"{at}/only: '{reply.Only}' is not all or refused.");
        }

        return new ReplyRule(topic!, Bytes(reply.Taken), Bytes(reply.Refused), reply.Only == "refused");
    }

    private RelayRule Relay(ProfileDocument.RelayDocument relay)
    {
        var (command, confirm) = (relay.Command, relay.Confirm);
        var (commandTopic, confirmTopic) = (Topic(command.Topic, "relay/command/topic"), Topic(confirm.Topic, "relay/confirm/topic"));
        if (commandTopic is not null && commandTopic.Variables.Except(["gateway", "meter"]).FirstOrDefault() is { } other)
        {
            _wrong.Add($"relay/command/topic: {{{other}}} is not known for a command; {{gateway}} and {{meter}} are.");
        }

        foreach (var (topic, at) in new[] { (commandTopic, "command"), (confirmTopic, "confirm") })
        {
            if (topic is not null && !topic.Variables.Contains("gateway"))
            {
                _wrong.Add($"relay/{at}/topic: '{topic}' has no level {{gateway}}.");
            }
        }

        var state = confirm.State is null
            ? null
            : new RelayRule.StateRule(One(confirm.State.At, "relay/confirm/state/at"), confirm.State.On.Clone(), confirm.State.Off.Clone());
        return new RelayRule(commandTopic!, command.Body.Clone(), command.On?.Clone(), command.Off?.Clone(), confirmTopic!,
            confirm.Items is null ? null : Pointer(confirm.Items, "relay/confirm/items"), One(confirm.Meter, "relay/confirm/meter"),
            One(confirm.Sequence, "relay/confirm/sequence"), state, confirm.Time is null ? null : Time(confirm.Time, "relay/confirm/time"),
            Conditions(confirm.When, "relay/confirm/when"));
    }

    private ProfileTime Time(ProfileDocument.TimeDocument time, string at)
    {
        var isLocal = time.Unit is not ("unix-ms" or "unix-s" or "rfc3339");
        if (isLocal && !IsFormat(time.Unit))
        {
            _wrong.Add($"{at}/unit: '{time.Unit}' is not unix-ms, unix-s, rfc3339 or a format with year, month, day and hour such as yyyyMMddHHmmss.");
        }
        else if (isLocal && _zone is null)
        {
            _wrong.Add($"{at}: local times need a zone: give the profile's zone, or Mqtt__Zone, such as Asia/Shanghai.");
        }

        return new ProfileTime(One(time.At, $"{at}/at"), time.Unit, isLocal ? _zone : null);
    }

    private static bool IsFormat(string unit) => unit.Contains("yyyy", StringComparison.Ordinal) && unit.Contains("MM", StringComparison.Ordinal)
        && unit.Contains("dd", StringComparison.Ordinal) && unit.Contains("HH", StringComparison.Ordinal) && !unit.AsSpan().ContainsAny('z', 'K', 'h');

    private List<ProfileCondition> Conditions(IReadOnlyDictionary<string, JsonElement>? when, string at) =>
        [.. (when ?? new Dictionary<string, JsonElement>()).Select(w => new ProfileCondition(One(w.Key, at), w.Value.Clone()))];

    private TopicPattern? Topic(string text, string at)
    {
        var topic = TopicPattern.Parse(text, out var problem);
        Say(at, problem);
        return topic;
    }

    /// <summary>A pointer that names one place.</summary>
    private ProfilePointer One(string text, string at)
    {
        var pointer = Pointer(text, at);
        if (pointer is { IsMany: true })
        {
            _wrong.Add($"{at}: '{text}' names many places; * and {{name}} belong into items.");
        }

        return pointer!;
    }

    private ProfilePointer? Pointer(string text, string at)
    {
        var pointer = ProfilePointer.Parse(text, out var problem);
        Say(at, problem);
        return pointer;
    }

    private void Say(string at, string? problem)
    {
        if (problem is not null)
        {
            _wrong.Add($"{at}: {problem}");
        }
    }

    private static byte[]? Bytes(JsonElement? json) => json is { } value ? JsonSerializer.SerializeToUtf8Bytes(value) : null;
}
