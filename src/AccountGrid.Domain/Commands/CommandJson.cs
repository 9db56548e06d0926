using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AccountGrid.Domain.Commands;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GridCommand))]
internal sealed partial class CommandJson : JsonSerializerContext
{
    /// <summary>A command, as it is stored.</summary>
    public static JsonTypeInfo<GridCommand> Command => Written.Command;

    /// <summary>Made when the context's own options are there.</summary>
    private static class Written
    {
        public static readonly JsonTypeInfo<GridCommand> Command =
            (JsonTypeInfo<GridCommand>)StoredAmounts.Of(Default.Options).GetTypeInfo(typeof(GridCommand));
    }
}
