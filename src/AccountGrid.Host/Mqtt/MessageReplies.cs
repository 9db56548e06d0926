using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Mqtt;

/// <summary>What is answered to a message. Only ever on the profile's topic: the sender's own wish could name any topic that this process may write.</summary>
internal static class MessageReplies
{
    /// <param name="variables">Of the message's topic.</param>
    /// <param name="refused">Readings that were refused; 1 where the whole message was.</param>
    public static MessageReply? Of(ReplyRule? rule, IReadOnlyDictionary<string, string> variables, Arrival arrival, int accepted, int duplicates,
        int refused, IReadOnlyList<LineRefusal> errors)
    {
        if (rule is null || (rule.OnlyRefused && refused == 0) || rule.Topic.Fill(variables) is not { } topic)
        {
            return null;
        }

        var body = refused == 0 ? rule.Taken : rule.Refused;
        body ??= JsonSerializer.SerializeToUtf8Bytes(
            new BatchAnswer(IdOf(arrival), accepted, duplicates, refused, ReadingError.Named(errors)), ApiJson.Options);
        return new MessageReply(topic, body, arrival.Correlation);
    }

    /// <summary>The sender's correlation data where it is short text, else the first half of the message's SHA-256 in hexadecimal.</summary>
    private static string IdOf(Arrival arrival) =>
        arrival.Correlation is { Length: > 0 and <= Requests.KeyMaxLength } data && data.All(b => b is > 32 and < 127)
            ? Encoding.ASCII.GetString(data)
            : Convert.ToHexStringLower(SHA256.HashData(arrival.Payload))[..32];
}
