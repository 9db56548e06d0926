using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Commands;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GridCommand))]
internal sealed partial class CommandJson : JsonSerializerContext;
