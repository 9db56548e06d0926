using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Events;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountEvent))]
public sealed partial class AccountEventJson : JsonSerializerContext;
