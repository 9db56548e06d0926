using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrid.Domain.State;

/// <summary>Reads and writes a kind of notice as its code.</summary>
public sealed class NoticeKindConverter : JsonConverter<NoticeKind>
{
    /// <exception cref="JsonException">No kind has this code.</exception>
    public override NoticeKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && NoticeKinds.FindOrNull(reader.GetString()!) is { } kind
            ? kind
            : throw new JsonException("A kind of notice is not one of the codes.");

    public override void Write(Utf8JsonWriter writer, NoticeKind value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code());
}
