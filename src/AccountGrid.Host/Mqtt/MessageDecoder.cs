using System.Text.Json;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Mqtt;

/// <summary>What a message is to a profile, before anything is known of gateways and meters. No clock, no database.</summary>
internal static class MessageDecoder
{
    /// <summary>Reads a message's readings.</summary>
    /// <param name="variables">Of the message's topic.</param>
    /// <param name="births">The sender's Sparkplug births; null for other formats.</param>
    /// <param name="into">Takes the readings and the refusals of single ones.</param>
    /// <returns>Why nothing of it could be read; null where it could.</returns>
    public static Refusal? Decode(MqttProfile profile, MessageRule rule, IReadOnlyDictionary<string, string> variables, ReadOnlyMemory<byte> payload,
        long latestMs, SparkplugNode? births, ReadingLines into)
    {
        try
        {
            var refusal = (profile.Format, rule.Content) switch
            {
                (PayloadFormat.SparkplugB, _) => SparkplugMessage.Decode(rule, variables, payload, births!, into),
                (_, MessageContent.Nothing) => null,
                (PayloadFormat.Readings, _) => Readings(payload.Span, latestMs, into),
                _ => JsonMessage.Decode(rule.Readings!, variables, payload, into),
            };
            if (refusal is null && rule.Content == MessageContent.History)
            {
                into.CountHistory(into.Batch.Readings.Count);
            }

            return refusal;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Bytes that are no UTF-8, and half of a pair of characters, are found when a text is looked at. Whatever it is, the message would have it again.
            return new Refusal(MqttRefusals.PayloadInvalid, $"The message cannot be read: {MessageText.Short(e.Message)}");
        }
    }

    private static Refusal? Readings(ReadOnlySpan<byte> payload, long latestMs, ReadingLines into)
    {
        var (batch, wrong) = BatchReader.Parse(payload, !IsDocument(BatchReader.WithoutMark(payload)), latestMs);
        if (batch is null)
        {
            return wrong;
        }

        into.AddAll(batch);
        into.Texts?.AddRange(Originals(payload, batch));
        return batch.Lines == 0 ? new Refusal(RequestRefusals.BatchEmpty, "The message holds no readings.") : null;
    }

    /// <summary>The readings as they are written, with the numbers of their lines or items.</summary>
    private static List<(int, string)> Originals(ReadOnlySpan<byte> payload, WireBatch batch)
    {
        var text = System.Text.Encoding.UTF8.GetString(BatchReader.WithoutMark(payload));
        List<string> all = [.. text.Split('\n').Where(l => l.AsSpan().Trim(" \t\r").Length > 0).Select(l => l.Trim(' ', '\t', '\r'))];
        if (IsDocument(BatchReader.WithoutMark(payload)))
        {
            using var document = JsonDocument.Parse(text);
            all = [.. document.RootElement.GetProperty("readings").EnumerateArray().Select(r => JsonSerializer.Serialize(r))];
        }

        return [.. batch.Readings.Where(r => r.Line <= all.Count).Select(r => (r.Line, all[r.Line - 1]))];
    }

    /// <summary>An object whose first member is <c>readings</c> is a document; a line of NDJSON never is.</summary>
    private static bool IsDocument(ReadOnlySpan<byte> payload)
    {
        var begin = payload.TrimStart(" \t\r\n"u8);
        return begin is [(byte)'{', ..] && begin[1..].TrimStart(" \t\r\n"u8).StartsWith("\"readings\""u8);
    }
}
