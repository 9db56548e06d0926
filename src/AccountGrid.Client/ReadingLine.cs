using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrid.Client.Buffering;

namespace AccountGrid.Client;

/// <summary>A reading as a line of POST /v1/readings, which is also how it is kept.</summary>
internal sealed record ReadingLine(
    string Meter,
    long Ts,
    long Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Scale,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Obis,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Q,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Rev)
{
    /// <exception cref="ArgumentException">It is longer than a line may be.</exception>
    public static byte[] Of(Reading reading)
    {
        var line = new ReadingLine(reading.Meter, reading.At.ToUnixTimeMilliseconds(), reading.Value, reading.Scale, reading.Obis,
            reading.Quality is { Count: > 0 } quality ? quality : null, reading.Revision);
        var text = JsonSerializer.SerializeToUtf8Bytes(line, ClientJson.Default.ReadingLine);
        return text.Length <= LineFrame.TextMax
            ? text
            : throw new ArgumentException(
                $"A reading has {text.Length} bytes as JSON; at most {LineFrame.TextMax} are allowed.",
                nameof(reading));
    }

    public static Reading Read(byte[] text)
    {
        var line = JsonSerializer.Deserialize(text, ClientJson.Default.ReadingLine)!;
        return new Reading(line.Meter, DateTimeOffset.FromUnixTimeMilliseconds(line.Ts), line.Value, line.Scale, line.Obis)
        {
            Quality = line.Q,
            Revision = line.Rev,
        };
    }
}
