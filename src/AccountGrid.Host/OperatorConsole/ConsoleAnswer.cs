using System.Text.Json;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What the API answered to a page.</summary>
internal sealed class ConsoleAnswer(int status, string contentType, byte[] body, JsonSerializerOptions json)
{
    public int Status => status;

    public string ContentType => contentType;

    public byte[] Body => body;

    public bool IsGood => status is >= 200 and < 300;

    /// <summary>Nobody knows whether a change was made: the same request can be sent again.</summary>
    public bool IsUnknown => status is 429 or 503;

    /// <summary>The answer; as a list, the rows of a page.</summary>
    public T Read<T>() => typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(List<>)
        ? JsonDocument.Parse(body).RootElement.GetProperty("data").Deserialize<T>(json)!
        : JsonSerializer.Deserialize<T>(body, json)!;

    /// <summary>Why it was refused, for people; the code behind it.</summary>
    public (string Detail, string Code) Problem
    {
        get
        {
            if (!contentType.Contains("json", StringComparison.Ordinal) || body.Length == 0)
            {
                return ($"{status}", "");
            }

            using var document = JsonDocument.Parse(body);
            string Member(string name) => document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            return (Member("detail") is { Length: > 0 } detail ? detail : Member("title"), Member("code"));
        }
    }
}
