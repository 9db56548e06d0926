using Google.Protobuf;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// Reads and writes the part of Sparkplug B's payload (Eclipse Sparkplug 3.0, chapter 6) that metering needs: metrics with name, alias, time, type and a
/// simple value. Field numbers are the specification's. Everything else is passed over.
/// </summary>
internal static class SparkplugPayload
{
    private const int Metrics = 2;
    private const int Sequence = 3;

    /// <summary>Metrics of one message; more are no meter's.</summary>
    private const int MetricsMax = 10_000;

    /// <exception cref="InvalidProtocolBufferException">The bytes are no such message.</exception>
    /// <exception cref="InvalidDataException">It is too large.</exception>
    public static SparkplugContent Read(ReadOnlySpan<byte> payload)
    {
        var metrics = new List<SparkplugMetric>();
        ulong? sequence = null;
        var input = new CodedInputStream(payload.ToArray());
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == Metrics && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                metrics.Add(Metric(new CodedInputStream(input.ReadBytes().ToByteArray())));
                if (metrics.Count > MetricsMax)
                {
                    throw new InvalidDataException($"It has more than {MetricsMax} metrics.");
                }
            }
            else if (tag == WireFormat.MakeTag(Sequence, WireFormat.WireType.Varint))
            {
                sequence = input.ReadUInt64();
            }
            else
            {
                input.SkipLastField();
            }
        }

        return new SparkplugContent(sequence, metrics);
    }

    /// <summary>A command that asks a node for its births (Sparkplug 3.0, 6.4.16).</summary>
    public static byte[] Rebirth(long nowMs)
    {
        using var metric = new MemoryStream();
        using (var output = new CodedOutputStream(metric, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString("Node Control/Rebirth");
            output.WriteTag(3, WireFormat.WireType.Varint);
            output.WriteUInt64((ulong)nowMs);
            output.WriteTag(4, WireFormat.WireType.Varint);
            output.WriteUInt32((uint)SparkplugType.Boolean);
            output.WriteTag(14, WireFormat.WireType.Varint);
            output.WriteBool(true);
        }

        using var payload = new MemoryStream();
        using (var output = new CodedOutputStream(payload, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteUInt64((ulong)nowMs);
            output.WriteTag(Metrics, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(metric.ToArray()));
        }

        return payload.ToArray();
    }

    private static SparkplugMetric Metric(CodedInputStream input)
    {
        string? name = null;
        ulong? alias = null, timestamp = null;
        uint? type = null;
        var (historical, isNull) = (false, false);
        object? value = null;
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.LengthDelimited): name = input.ReadString(); break;
                case (2, WireFormat.WireType.Varint): alias = input.ReadUInt64(); break;
                case (3, WireFormat.WireType.Varint): timestamp = input.ReadUInt64(); break;
                case (4, WireFormat.WireType.Varint): type = input.ReadUInt32(); break;
                case (5, WireFormat.WireType.Varint): historical = input.ReadBool(); break;
                case (7, WireFormat.WireType.Varint): isNull = input.ReadBool(); break;
                case (10, WireFormat.WireType.Varint): value = input.ReadUInt32(); break;
                case (11, WireFormat.WireType.Varint): value = input.ReadUInt64(); break;
                case (12, WireFormat.WireType.Fixed32): value = input.ReadFloat(); break;
                case (13, WireFormat.WireType.Fixed64): value = input.ReadDouble(); break;
                case (14, WireFormat.WireType.Varint): value = input.ReadBool(); break;
                case (15, WireFormat.WireType.LengthDelimited): value = input.ReadString(); break;
                default: input.SkipLastField(); break;
            }
        }

        return new SparkplugMetric(name, alias, timestamp, type, historical, isNull, value);
    }
}
