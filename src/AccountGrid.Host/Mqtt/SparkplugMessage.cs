using System.Globalization;
using Google.Protobuf;

namespace AccountGrid.Host.Mqtt;

/// <summary>Births and data of Sparkplug B's devices.</summary>
internal static class SparkplugMessage
{
    public static Refusal? Decode(MessageRule rule, IReadOnlyDictionary<string, string> variables, ReadOnlyMemory<byte> payload, SparkplugNode births,
        ReadingLines into)
    {
        SparkplugContent content;
        try
        {
            content = SparkplugPayload.Read(payload.Span);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            return new Refusal(MqttRefusals.PayloadInvalid, $"The message is not Sparkplug B: {MessageText.Short(e.Message)}");
        }

        switch (rule.Content)
        {
            case MessageContent.NodeBirth:
                births.Begin(content.Sequence);
                return null;
            case MessageContent.NodeDeath:
                births.Begin(null);
                return null;
            default:
                births.Count(content.Sequence);
                break;
        }

        return rule.Content == MessageContent.Nothing ? null : Device(rule, variables, content.Metrics, births, into);
    }

    private static Refusal? Device(MessageRule rule, IReadOnlyDictionary<string, string> variables, IReadOnlyList<SparkplugMetric> metrics,
        SparkplugNode births, ReadingLines into)
    {
        if (rule.Content == MessageContent.Death)
        {
            births.Forget(variables["meter"]);
            return null;
        }

        var device = variables[rule.Readings!.MeterVariable!];
        if (rule.Content == MessageContent.Birth)
        {
            births.Put(device, Aliases(rule.Readings, metrics));
        }

        var aliases = births.Find(device);
        if (aliases is null && metrics.Any(m => m.Name is null))
        {
            births.NeedsBirth = true;
            var alias = metrics.First(m => m.Name is null).Alias;
            return new Refusal(MqttRefusals.BirthUnknown,
                $"alias: {alias} of device '{MessageText.Short(device)}' is in no birth that was seen; births are asked for.");
        }

        foreach (var metric in metrics)
        {
            Take(rule.Readings, device, metric, aliases, into);
        }

        return null;
    }

    private static void Take(ReadingsRule rule, string meter, SparkplugMetric metric, IReadOnlyDictionary<ulong, SparkplugAlias>? aliases, ReadingLines into)
    {
        var alias = metric.Alias is { } a && aliases is not null ? aliases.GetValueOrDefault(a) : null;
        var name = metric.Name ?? alias?.Name;
        if (metric.IsNull || rule.Registers.FirstOrDefault(r => r.Name == name) is not { } register)
        {
            return;
        }

        into.CountHistory(metric.IsHistorical ? 1 : 0);

        if (metric.TimestampMs is not { } timestamp)
        {
            into.Refuse(ReadingRefusals.TimeMissing, $"{register.Name}: it has no timestamp of its own; the time of the message is not the meter's.");
            return;
        }

        var value = Number(metric.Value, (SparkplugType)(metric.Type ?? alias?.Type ?? 0));
        into.Add(meter, register.Obis, (long)Math.Min(timestamp, long.MaxValue), register.Name, Shown(metric.Value),
            JsonMessage.Times(value, register.Factor), rule.Quality);
    }

    /// <summary>Only what the profile names is kept.</summary>
    private static Dictionary<ulong, SparkplugAlias> Aliases(ReadingsRule rule, IReadOnlyList<SparkplugMetric> metrics)
    {
        var aliases = new Dictionary<ulong, SparkplugAlias>();
        foreach (var metric in metrics.Where(m => m.Alias is not null && rule.Registers.Any(r => r.Name == m.Name)))
        {
            aliases[metric.Alias!.Value] = new SparkplugAlias(metric.Name!, metric.Type ?? 0);
        }

        return aliases;
    }

    /// <summary>Signed types are sent as the bits of an unsigned number.</summary>
    private static decimal? Number(object? value, SparkplugType type) => (value, type) switch
    {
        (uint v, SparkplugType.Int8) => unchecked((sbyte)v),
        (uint v, SparkplugType.Int16) => unchecked((short)v),
        (uint v, SparkplugType.Int32) => unchecked((int)v),
        (uint v, _) => v,
        (ulong v, SparkplugType.Int64) => unchecked((long)v),
        (ulong v, _) => v,
        (float v, _) => Real(v),
        (double v, _) => Real(v),
        (string v, _) => JsonMessage.Number(v),
        _ => null,
    };

    private static decimal? Real(double value) => Math.Abs(value) < 1e18 ? (decimal)value : null;

    private static string Shown(object? value) => value switch
    {
        null => "no value",
        string text => MessageText.Short(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
