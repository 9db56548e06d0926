using System.Text.Json;

namespace AccountGrid.Testing;

/// <summary>A request to a webhook.</summary>
public sealed record ReceivedWebhook(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, JsonElement Event)
{
    public string Id => Event.GetProperty("id").GetString()!;

    public string Type => Event.GetProperty("type").GetString()!;

    public string Account => Event.GetProperty("subject").GetString()!;

    /// <summary>What was answered; 0 while it is not.</summary>
    public int Status { get; set; }
}
