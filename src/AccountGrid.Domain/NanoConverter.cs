using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrid.Domain;

/// <summary>An amount as a whole number of 10^-9 units. Anything else, a fraction, a text or a number beyond Int64, is no amount.</summary>
public sealed class NanoConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Nano);
}
