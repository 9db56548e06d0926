using Google.Protobuf;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>Sparkplug B messages as an edge node writes them.</summary>
internal static class SparkplugSample
{
    public sealed record Metric(string? Name, ulong? Alias, ulong? TimestampMs, uint? Type, object? Value, bool IsHistorical = false, bool IsNull = false);

    public static byte[] Data(ulong sequence, IReadOnlyList<Metric> metrics) => Message(output =>
    {
        output.WriteTag(1, WireFormat.WireType.Varint);
        output.WriteUInt64(1772424000000);
        foreach (var metric in metrics)
        {
            output.WriteTag(2, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(Message(o => Write(o, metric))));
        }

        output.WriteTag(3, WireFormat.WireType.Varint);
        output.WriteUInt64(sequence);
    });

    private static void Write(CodedOutputStream output, Metric metric)
    {
        if (metric.Name is { } name)
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString(name);
        }

        Number(output, 2, metric.Alias);
        Number(output, 3, metric.TimestampMs);
        Number(output, 4, metric.Type);
        Number(output, 5, metric.IsHistorical ? 1UL : null);
        Number(output, 7, metric.IsNull ? 1UL : null);
        switch (metric.Value)
        {
            case uint v: Number(output, 10, v); break;
            case ulong v: Number(output, 11, v); break;
            case float v: output.WriteTag(12, WireFormat.WireType.Fixed32); output.WriteFloat(v); break;
            case double v: output.WriteTag(13, WireFormat.WireType.Fixed64); output.WriteDouble(v); break;
            case bool v: Number(output, 14, v ? 1UL : 0UL); break;
            case string v: output.WriteTag(15, WireFormat.WireType.LengthDelimited); output.WriteString(v); break;
        }
    }

    private static void Number(CodedOutputStream output, int field, ulong? value)
    {
        if (value is { } number)
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteUInt64(number);
        }
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            write(output);
        }

        return stream.ToArray();
    }
}
