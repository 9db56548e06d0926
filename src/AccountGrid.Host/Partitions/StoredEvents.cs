using System.Text.Json;
using AccountGrid.Domain.Events;

namespace AccountGrid.Host.Partitions;

/// <summary>Events as they are read from the database.</summary>
internal static class StoredEvents
{
    /// <summary>The database sorts members: the type can stand behind others.</summary>
    private static readonly JsonSerializerOptions Options = new(AccountEventJson.Stored) { AllowOutOfOrderMetadataProperties = true };

    public static AccountEvent Read(string json) => JsonSerializer.Deserialize<AccountEvent>(json, Options)!;
}
