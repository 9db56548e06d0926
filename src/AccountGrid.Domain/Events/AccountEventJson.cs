using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AccountGrid.Domain.Events;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountEvent))]
public sealed partial class AccountEventJson : JsonSerializerContext
{
    /// <summary>Options with which events are stored.</summary>
    public static JsonSerializerOptions Stored => Written.Options;

    /// <summary>An event, as it is stored.</summary>
    public static JsonTypeInfo<AccountEvent> Event => Written.Event;

    /// <summary>Made when the context's own options are there.</summary>
    private static class Written
    {
        public static readonly JsonSerializerOptions Options = StoredAmounts.Of(Default.Options);
        public static readonly JsonTypeInfo<AccountEvent> Event = (JsonTypeInfo<AccountEvent>)Options.GetTypeInfo(typeof(AccountEvent));
    }
}
