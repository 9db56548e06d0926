using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Refusals;

/// <summary>Reads and writes a code as its text.</summary>
public sealed class RefusalCodeConverter : JsonConverter<RefusalCode>
{
    /// <exception cref="KeyNotFoundException">No code has this text.</exception>
    public override RefusalCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RefusalCatalogue.Find(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, RefusalCode value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
