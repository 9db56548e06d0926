using System.Text.Json;

namespace AccountGrid.Host.Mqtt;

/// <summary>What a message has, shown in a refusal.</summary>
internal static class MessageText
{
    private const int ShownMax = 60;

    public static string Short(string text)
    {
        var plain = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return plain.Length > ShownMax ? plain[..ShownMax] + "..." : plain;
    }

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => Short(value.GetString()!),
        _ => Short(value.GetRawText()),
    };
}
