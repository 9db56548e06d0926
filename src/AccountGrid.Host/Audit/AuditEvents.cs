using System.Text.Json;
using AccountGrid.Domain.Events;

namespace AccountGrid.Host.Audit;

/// <summary>Stored events as the audit reads them.</summary>
internal static class AuditEvents
{
    // The database has a stored event's name in any place.
    private static readonly JsonSerializerOptions Json = new(AccountEventJson.Stored) { AllowOutOfOrderMetadataProperties = true };

    public static AccountEvent? Read(string json) => JsonSerializer.Deserialize<AccountEvent>(json, Json);

    /// <summary>An event's JSON in the one order of its members that the type has: the database keeps another.</summary>
    public static string Normal(string json)
    {
        try
        {
            return JsonSerializer.Serialize(Read(json), Json);
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
