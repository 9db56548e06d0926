using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;
using Google.Protobuf;

namespace AccountGrid.Host.Tests.Grpc;

/// <summary>What a batch of columns is taken for, and each way in which it can be wrong.</summary>
public sealed class ColumnReaderTests
{
    private static readonly long LatestMs = Batches.Start.AddDays(1).ToUnixTimeMilliseconds();

    [Fact]
    public void Columns_are_put_together_by_their_places()
    {
        var message = Two();
        message.Registers.Add([new Register { Obis = "2.8.0", Scale = 3 }, new Register { Obis = "1-0:1.8.2*255" }]);
        message.RegisterIndex.Add([1u, 0u]);
        message.Qualities.Add([new Quality(), new Quality { Codes = { "estimated", "1.1.9" } }]);
        message.QualityIndex.Add([0u, 1u]);
        message.Revision.Add([0u, 255u]);
        var (batch, refusal) = ColumnReader.Read(message, LatestMs);
        Assert.Null(refusal);
        Assert.Empty(batch!.Errors);
        var start = Batches.Start.ToUnixTimeMilliseconds();
        Assert.Equal(
            [
                (1, new WireReading(IdHash.Of("M2"), (RegisterKind)2, start - 60_000, 7, ReadingQuality.None, 0)),
                (2, new WireReading(IdHash.Of("M1"), RegisterKind.Export, start + 60_000, 8_000, ReadingQuality.Estimated | ReadingQuality.ClockSuspect, 255)),
            ],
            batch.Readings);
        Assert.Equal(2, batch.Lines);
    }

    [Fact]
    public void Columns_that_are_not_there_say_what_absent_fields_of_JSON_say()
    {
        var (batch, _) = ColumnReader.Read(Batches.Of("b", ["M1"], (0, 5, 12)), LatestMs);
        var (lines, _) = BatchReader.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"meter":"M1","ts":"{{Batches.Start.AddMinutes(5):O}}","value":12}"""), true,
            LatestMs);
        Assert.Equal(lines!.Readings, batch!.Readings);
    }

    public static TheoryData<string, string, string> WrongReadings => new()
    {
        { "meter", "reading.meter_invalid", "meter_index: 2 is no entry of meters, which has 2, counted from 0." },
        { "meter far", "reading.meter_invalid", "meter_index: 4294967295 is no entry" },
        { "meter empty", "reading.meter_invalid", "meters: '' is not a string of 1 to 32 characters." },
        { "meter long", "reading.meter_invalid", "is not a string of 1 to 32 characters." },
        { "register", "reading.register_unknown", "register_index: 1 is no entry of registers, which has 1, counted from 0." },
        { "register empty", "reading.register_unknown", "obis: '' is not 1.8.0" },
        { "register other", "reading.register_unknown", "obis: '9.9.9' is not 1.8.0" },
        { "register history", "reading.register_unknown", "past billing period" },
        { "register rate of export", "reading.register_not_charged", "obis: '2.8.1' is a rate register of export" },
        { "scale", "reading.scale_invalid", "scale: 7 is not a whole number from -3 to 6." },
        { "scale low", "reading.scale_invalid", "scale: -4 is not" },
        { "quality", "reading.quality_invalid", "quality_index: 1 is no entry of qualities, which has 1, counted from 0." },
        { "quality code", "reading.quality_invalid", "codes: 'good' is neither" },
        { "revision", "reading.revision_invalid", "revision: 256 is not a whole number from 0 to 255." },
        { "time early", "reading.time_invalid", "is no time from 1990 to 2200." },
        { "time far", "reading.time_invalid", "time_delta_ms: 9223372036854775807 ms from base_time_ms" },
        { "time least", "reading.time_invalid", "time_delta_ms: -9223372036854775808 ms from" },
        { "time ahead", "reading.time_in_future", "time_delta_ms: 2026-03-01T16:00:00.001Z is later than 2026-03-01T16:00:00" },
        { "value", "reading.value_out_of_range", "value: -1 times 10 to the 0 is not from 0 to" },
        { "value large", "reading.value_out_of_range", "value: 9223372036854775807 times 10 to the 0" },
        { "value scaled", "reading.value_out_of_range", "value: 1000000000000 times 10 to the 6" },
    };

    /// <summary>Each wrong reading stands between two good ones, which are taken with their own times.</summary>
    [Theory]
    [MemberData(nameof(WrongReadings))]
    public void A_wrong_reading_is_named_and_spoils_no_other(string what, string code, string detail)
    {
        var message = Batches.Of("b", ["M1", "M2"], (0, 1, 1), (1, 2, 2), (0, 3, 3));
        Spoil(message, what);
        var (batch, refusal) = ColumnReader.Read(message, LatestMs);
        Assert.Null(refusal);
        var error = Assert.Single(batch!.Errors);
        Assert.Equal((2, code), (error.Line, error.Refusal.Code.Text));
        Assert.Contains(detail, error.Refusal.Detail, StringComparison.Ordinal);
        Assert.Equal([(1, Batches.Start.AddMinutes(1).ToUnixTimeMilliseconds(), 1L), (3, Batches.Start.AddMinutes(3).ToUnixTimeMilliseconds(), 3L)],
            batch.Readings.Select(r => (r.Line, r.Reading.TimeMs, r.Reading.ValueWh)));
    }

    [Fact]
    public void The_borders_themselves_are_taken()
    {
        var message = Batches.Of("b", [new string('m', 32)], (0, 1, 1), (0, 2, Limits.RegisterMaxWh), (0, 3, 0));
        message.TimeDeltaMs[0] = ReadingChecks.MinMs - message.BaseTimeMs;
        message.TimeDeltaMs[1] = LatestMs - message.BaseTimeMs;
        message.Revision.Add([0u, 255u, 1u]);
        Assert.Equal(3, ColumnReader.Read(message, LatestMs).Batch!.Readings.Count);
    }

    public static TheoryData<string, string, string> WrongBatches => new()
    {
        { "empty", "batch.empty", "value: it has no entries" },
        { "short meters", "request.value_invalid", "meter_index: it has 1 entries and value has 2; a column has one for each reading." },
        { "no times", "request.value_invalid", "time_delta_ms: it has 0 entries and value has 2" },
        { "long times", "request.value_invalid", "time_delta_ms: it has 3 entries and value has 2" },
        { "no values", "request.value_invalid", "meter_index: it has 2 entries and value has 0" },
        { "short registers", "request.value_invalid", "register_index: it has 1 entries and value has 2; a column has one for each reading, or none." },
        { "long qualities", "request.value_invalid", "quality_index: it has 3 entries" },
        { "short revisions", "request.value_invalid", "revision: it has 1 entries" },
        { "no base", "request.value_invalid", "base_time_ms: 0 is no time from 1990 to 2200" },
        { "late base", "request.value_invalid", "base_time_ms: 7258118400001 is no time" },
        { "many", "batch.too_many_items", "value: it has 10001 entries; at most 10000 are taken." },
        { "many meters", "batch.too_many_items", "meters: it has 10001 entries" },
        { "many registers", "batch.too_many_items", "registers: it has 10001 entries" },
        { "many qualities", "batch.too_many_items", "qualities: it has 10001 entries" },
        { "long id", "request.value_invalid", "batch_id: it has 129 characters; at most 128 are taken." },
        { "unknown column", "request.member_unknown", "Field 99 of ReadingBatch is not known" },
        { "unknown of register", "request.member_unknown", "Field 3 of Register is not known" },
        { "unknown of quality", "request.member_unknown", "Field 3 of Quality is not known" },
    };

    [Theory]
    [MemberData(nameof(WrongBatches))]
    public void A_batch_whose_entries_cannot_be_put_together_is_refused_by_its_field(string what, string code, string detail)
    {
        var (batch, refusal) = ColumnReader.Read(SpoiltBatch(what), LatestMs);
        Assert.Null(batch);
        Assert.Equal(code, refusal!.Code.Text);
        Assert.Contains(detail, refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_as_are_allowed_are_taken()
    {
        var message = new ReadingBatch { BatchId = new string('b', 128), BaseTimeMs = Batches.Start.ToUnixTimeMilliseconds() };
        message.Meters.Add(Enumerable.Range(0, IngestLimits.ItemsMax).Select(i => $"CN{i:000000000000000000000000000000}"));
        message.MeterIndex.Add(Enumerable.Range(0, IngestLimits.ItemsMax).Select(i => (uint)i));
        message.TimeDeltaMs.Add(Enumerable.Repeat(80_000_000L, IngestLimits.ItemsMax));
        message.Value.Add(Enumerable.Repeat(Limits.RegisterMaxWh, IngestLimits.ItemsMax));
        message.Registers.Add(new Register { Obis = "1.8.0" });
        message.RegisterIndex.Add(Enumerable.Repeat(0u, IngestLimits.ItemsMax));
        message.Qualities.Add(new Quality());
        message.QualityIndex.Add(Enumerable.Repeat(0u, IngestLimits.ItemsMax));
        message.Revision.Add(Enumerable.Repeat(255u, IngestLimits.ItemsMax));
        Assert.True(message.CalculateSize() < GrpcLimits.BatchBytesMax);
        Assert.Equal(IngestLimits.ItemsMax, ColumnReader.Read(message, LatestMs).Batch!.Readings.Count);
    }

    private static ReadingBatch Two() => Batches.Of("b", ["M1", "M2"], (1, -1, 7), (0, 1, 8));

    private static void Spoil(ReadingBatch message, string what)
    {
        switch (what)
        {
            case "meter": message.MeterIndex[1] = 2; break;
            case "meter far": message.MeterIndex[1] = uint.MaxValue; break;
            case "meter empty": message.Meters[1] = ""; break;
            case "meter long": message.Meters[1] = new string('m', 33); break;
            case "register": Register(message, "1.8.0"); message.RegisterIndex[1] = 1; break;
            case "register empty": Register(message, "1.8.0", ""); break;
            case "register other": Register(message, "1.8.0", "9.9.9"); break;
            case "register history": Register(message, "1.8.0", "1.8.0*01"); break;
            case "register rate of export": Register(message, "1.8.0", "2.8.1"); break;
            case "scale": Register(message, "1.8.0", "1.8.0", 7); break;
            case "scale low": Register(message, "1.8.0", "1.8.0", -4); break;
            case "quality": message.Qualities.Add(new Quality()); message.QualityIndex.Add([0u, 1u, 0u]); break;
            case "quality code":
                message.Qualities.Add([new Quality(), new Quality { Codes = { "valid", "good" } }]);
                message.QualityIndex.Add([0u, 1u, 0u]);
                break;
            case "revision": message.Revision.Add([0u, 256u, 0u]); break;
            case "time early": message.TimeDeltaMs[1] = ReadingChecks.MinMs - 1 - message.BaseTimeMs; break;
            case "time far": message.TimeDeltaMs[1] = long.MaxValue; break;
            case "time least": message.TimeDeltaMs[1] = long.MinValue; break;
            case "time ahead": message.TimeDeltaMs[1] = LatestMs + 1 - message.BaseTimeMs; break;
            case "value": message.Value[1] = -1; break;
            case "value large": message.Value[1] = long.MaxValue; break;
            case "value scaled": Register(message, "1.8.0", "1.8.0", 6); message.Value[1] = 1_000_000_000_000; break;
            default: throw new ArgumentException(what);
        }
    }

    private static void Register(ReadingBatch message, string first, string? second = null, int scale = 0)
    {
        message.Registers.Add(new Register { Obis = first });
        if (second is not null)
        {
            message.Registers.Add(new Register { Obis = second, Scale = scale });
        }

        message.RegisterIndex.Add([0u, second is null ? 0u : 1u, 0u]);
    }

    private static ReadingBatch SpoiltBatch(string what)
    {
        var message = Two();
        switch (what)
        {
            case "empty": return new ReadingBatch { BaseTimeMs = message.BaseTimeMs };
            case "short meters": message.MeterIndex.RemoveAt(1); break;
            case "no times": message.TimeDeltaMs.Clear(); break;
            case "long times": message.TimeDeltaMs.Add(1); break;
            case "no values": message.Value.Clear(); break;
            case "short registers": message.RegisterIndex.Add(0); break;
            case "long qualities": message.QualityIndex.Add([0u, 0u, 0u]); break;
            case "short revisions": message.Revision.Add(0); break;
            case "no base": message.BaseTimeMs = 0; break;
            case "late base": message.BaseTimeMs = ReadingChecks.MaxMs + 1; break;
            case "many": return Batches.Of("b", ["M1"], [.. Enumerable.Range(0, 10_001).Select(i => (0u, (long)i, 1L))]);
            case "many meters": message.Meters.Add(Enumerable.Repeat("M", 9_999)); break;
            case "many registers": message.Registers.Add(Enumerable.Repeat(new Register(), 10_001)); break;
            case "many qualities": message.Qualities.Add(Enumerable.Repeat(new Quality(), 10_001)); break;
            case "long id": message.BatchId = new string('b', 129); break;
            case "unknown column": return WithField(message, 99);
            case "unknown of register": message.Registers.Add(WithField(new Register { Obis = "1.8.0" }, 3)); break;
            case "unknown of quality": message.Qualities.Add(WithField(new Quality(), 3)); break;
            default: throw new ArgumentException(what);
        }

        return message;
    }

    /// <summary>The message as a later release might send it.</summary>
    private static T WithField<T>(T message, int number)
        where T : IMessage<T>, new()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            message.WriteTo(output);
            output.WriteTag(number, WireFormat.WireType.Varint);
            output.WriteUInt64(1);
        }

        return new MessageParser<T>(() => new T()).ParseFrom(bytes.ToArray());
    }
}
