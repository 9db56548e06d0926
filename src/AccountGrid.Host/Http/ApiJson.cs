using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrid.Domain;

namespace AccountGrid.Host.Http;

/// <summary>How the API reads and writes JSON: nothing unknown, nothing twice, null only where it is meant, numbers as numbers.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Strict(new(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Strict(JsonSerializerOptions o)
    {
        (o.RespectNullableAnnotations, o.RespectRequiredConstructorParameters, o.MaxDepth) = (true, true, JsonInput.DepthMax);

        // Answers have the type application/json and are not to be sniffed: what is safe within a script of HTML need not be escaped.
        o.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        (o.UnmappedMemberHandling, o.AllowDuplicateProperties, o.NumberHandling) = (JsonUnmappedMemberHandling.Disallow, false, JsonNumberHandling.Strict);
        return o;
    }
}
