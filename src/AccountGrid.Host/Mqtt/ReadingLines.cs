using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// What a message becomes: lines as POST /v1/readings takes them, read by the same parser, so that a reading means the same whichever way it came. Each
/// reading, taken or refused, has the next number.
/// </summary>
/// <param name="latestMs">Latest time that a reading may carry, UTC ms.</param>
internal sealed class ReadingLines(long latestMs)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public WireBatch Batch { get; } = new();

    /// <summary>The lines with their numbers, as they were parsed.</summary>
    public List<(int Line, string Text)>? Texts { get; init; }

    /// <summary>A message with more is refused as a whole.</summary>
    public bool IsTooMany => Batch.Lines + Skipped > IngestLimits.ItemsMax;

    /// <summary>Refused readings, those that are not listed too.</summary>
    public int Refused { get; private set; }

    /// <summary>Readings that the sender says it had kept.</summary>
    public int History { get; private set; }

    /// <summary>Items without a value that the profile names, or that its conditions leave out.</summary>
    public int Skipped { get; private set; }

    /// <summary>What was skipped, for somebody who checks a profile; null where nobody does.</summary>
    public List<string>? SkippedTexts { get; init; }

    /// <param name="wh">Not negative, and a whole number of 64 bits.</param>
    public void Add(string meter, string obis, long timeMs, long wh, IReadOnlyList<string> quality)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("meter"u8, meter);
            json.WriteString("obis"u8, obis);
            json.WriteNumber("ts"u8, timeMs);
            json.WriteNumber("value"u8, wh);
            if (quality.Count > 0)
            {
                json.WriteStartArray("q"u8);
                foreach (var name in quality)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        var errors = Batch.Errors.Count;
        BatchReader.AddLine(_buffer.WrittenSpan, latestMs, Batch);
        Refused += Batch.Errors.Count - errors;
        Texts?.Add((Batch.Lines, System.Text.Encoding.UTF8.GetString(_buffer.WrittenSpan)));
    }

    public void Refuse(RefusalCode code, string detail)
    {
        Batch.Lines++;
        if (Refused++ < IngestLimits.ErrorsMax)
        {
            Batch.Errors.Add(new LineRefusal(Batch.Lines, new Refusal(code, detail)));
        }
    }

    public void Skip(string why)
    {
        Skipped++;
        SkippedTexts?.Add(why);
    }

    public void CountHistory(int readings) => History += readings;

    /// <summary>Takes over what was read in another way.</summary>
    public void AddAll(WireBatch batch)
    {
        Batch.Readings.AddRange(batch.Readings);
        Batch.Errors.AddRange(batch.Errors);
        Batch.Lines += batch.Lines;
        Refused += batch.Errors.Count;
    }

    /// <summary>Adds a register's value, or says why it is none.</summary>
    /// <param name="at">Where the message has it.</param>
    /// <param name="shown">The value as the message has it.</param>
    /// <param name="value">In watt-hours; null where it is no number.</param>
    public void Add(string meter, string obis, long timeMs, string at, string shown, decimal? value, IReadOnlyList<string> quality)
    {
        if (value is not { } wh)
        {
            Refuse(ReadingRefusals.ValueInvalid, $"{at}: '{shown}' is not a decimal number such as 1234.56.");
        }
        else if (wh < 0 || wh >= Limits.RegisterMaxWh + 1m)
        {
            // What is less than nothing must not become 0 by losing its decimals.
            Refuse(ReadingRefusals.ValueOutOfRange, $"{at}: '{shown}' is not a register from 0 to {Limits.RegisterMaxWh} Wh.");
        }
        else
        {
            // HTTP's finest value is a thousandth; what is finer is the noise of binary fractions. Beyond it both drop what is less than a watt-hour.
            Add(meter, obis, timeMs, (long)decimal.Truncate(Math.Round(wh, 3)), quality);
        }
    }
}
