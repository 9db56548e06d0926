using System.Text.Encodings.Web;
using System.Text.Json;

namespace AccountGrid.Host.Http;

/// <summary>JSON as messages to customers and to the company carry it.</summary>
internal static class ChannelJson
{
    /// <summary>Texts in Chinese as they are: it is JSON in a file or a body, never in a page.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
