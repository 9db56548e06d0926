using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;

namespace AccountGrid.Host.Ingest;

/// <summary>Takes a request's body apart: NDJSON, or JSON with a list of readings, either gzipped. One bad line never spoils its batch.</summary>
public static class BatchReader
{
    /// <summary>Header and trailer of the smallest gzip member, bytes.</summary>
    private const int GzipMinBytes = 18;

    /// <summary>Deeper nesting than this is no document of readings; each reading's own depth is judged alone.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Reads a body up to <see cref="IngestLimits.BytesMax"/>, unpacking it on the way.</summary>
    public static async Task<(byte[]? Buffer, int Length, Refusal? Refusal)> ReadBodyAsync(Stream body, string? encoding, CancellationToken cancel)
    {
        // x-gzip is gzip's older name (RFC 9110, 8.4.1.3).
        var gzip = string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase) || string.Equals(encoding, "x-gzip", StringComparison.OrdinalIgnoreCase);
        if (!gzip && !string.IsNullOrEmpty(encoding) && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            return (null, 0, new Refusal(RequestRefusals.BodyEncodingUnsupported, $"Content-Encoding: '{encoding}' is not gzip or identity."));
        }

        if (!gzip)
        {
            return await ReadAllAsync(body, cancel);
        }

        var (packed, packedLength, refusal) = await ReadAllAsync(body, cancel);
        if (packed is null)
        {
            return (null, 0, refusal);
        }

        try
        {
            await using var unpacking = new GZipStream(new MemoryStream(packed, 0, packedLength), CompressionMode.Decompress);
            var (buffer, length, tooLarge) = await ReadAllAsync(unpacking, cancel);

            if (buffer is not null && !IsWhole(packed, packedLength, length))
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return (null, 0, GzipInvalid());
            }

            return (buffer, length, tooLarge);
        }
        catch (InvalidDataException)
        {
            return (null, 0, GzipInvalid());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>
    /// The stream ends without an error where its input is cut off. One member ends with its length (RFC 1952); only where that does not fit, members are
    /// looked at one by one.
    /// </summary>
    internal static bool IsWhole(byte[] packed, int packedLength, int length) =>
        packedLength >= GzipMinBytes
            && (BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packedLength - 4)) == (uint)length || GzipMembers.AreWhole(packed, packedLength));

    private static Refusal GzipInvalid() => new(
        RequestRefusals.BodyGzipInvalid,
        "The body is not valid gzip, or is cut off, or something follows its last member.");

    private static async Task<(byte[]? Buffer, int Length, Refusal? Refusal)> ReadAllAsync(Stream from, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await from.ReadAsync(buffer.AsMemory(length), cancel);
                if (read == 0)
                {
                    return (buffer, length, null);
                }

                length += read;
                if (length > IngestLimits.BytesMax)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return (null, 0, new Refusal(
                        RequestRefusals.BodyTooLarge,
                        $"The body is larger than {IngestLimits.BytesMax} bytes unpacked; send smaller batches."));
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public static (WireBatch? Batch, Refusal? Refusal) Parse(ReadOnlySpan<byte> body, bool isNdjson, long latestMs)
    {
        if (body is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            return (null, new Refusal(RequestRefusals.BodyCharsetUnsupported, "The body begins with a byte order mark of UTF-16; UTF-8 is needed."));
        }

        return isNdjson ? ParseLines(WithoutMark(body), latestMs) : ParseDocument(WithoutMark(body), latestMs);
    }

    /// <summary>Without the byte order mark that some programs put before UTF-8: it is no part of the text.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> body) => body is [0xef, 0xbb, 0xbf, ..] ? body[3..] : body;

    private static (WireBatch?, Refusal?) ParseLines(ReadOnlySpan<byte> body, long latestMs)
    {
        var batch = new WireBatch();
        while (body.Length > 0)
        {
            var end = body.IndexOf((byte)'\n');
            var line = (end < 0 ? body : body[..end]).Trim(" \t\r"u8);
            body = end < 0 ? default : body[(end + 1)..];
            batch.Lines++;
            if (line.Length == 0)
            {
                batch.Lines--;
                continue;
            }

            if (batch.Lines > IngestLimits.ItemsMax)
            {
                return (null, TooMany());
            }

            ParseLine(line, latestMs, batch);
        }

        return (batch, null);
    }

    /// <summary>Parses one more line of a batch.</summary>
    internal static void AddLine(ReadOnlySpan<byte> line, long latestMs, WireBatch batch)
    {
        batch.Lines++;
        ParseLine(line, latestMs, batch);
    }

    private static void ParseLine(ReadOnlySpan<byte> line, long latestMs, WireBatch batch)
    {
        if (PlainReading.TryParse(line, latestMs, out var plain))
        {
            batch.Readings.Add((batch.Lines, plain));
            return;
        }

        Refusal? wrong;
        try
        {
            var json = new Utf8JsonReader(line, Options);
            json.Read();
            var reading = ReadingParser.Parse(ref json, latestMs, out wrong);
            if (json.Read())
            {
                (reading, wrong) = (null, new(ReadingRefusals.JsonInvalid, "The line holds more than one JSON value."));
            }

            if (reading is { } good)
            {
                batch.Readings.Add((batch.Lines, good));
                return;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            wrong = new(ReadingRefusals.JsonInvalid, $"The line is not JSON: {OneLine(e.Message)}");
        }

        batch.Errors.Add(new LineRefusal(batch.Lines, wrong!));
    }

    private static (WireBatch?, Refusal?) ParseDocument(ReadOnlySpan<byte> body, long latestMs)
    {
        var batch = new WireBatch();
        var found = false;
        try
        {
            var json = new Utf8JsonReader(body, Options);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return (null, Invalid("The body is not a JSON object with a list 'readings'."));
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (found || !json.ValueTextEquals("readings"u8))
                {
                    return (null, Invalid($"'{json.GetString()}': the object takes one list 'readings' and nothing else."));
                }

                json.Read();

                if (json.TokenType != JsonTokenType.StartArray)
                {
                    return (null, Invalid("readings: not an array."));
                }

                found = true;
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    if (++batch.Lines > IngestLimits.ItemsMax)
                    {
                        return (null, TooMany());
                    }

                    if (ReadingParser.Parse(ref json, latestMs, out var wrong) is { } reading)
                    {
                        batch.Readings.Add((batch.Lines, reading));
                    }
                    else
                    {
                        batch.Errors.Add(new LineRefusal(batch.Lines, wrong!));
                    }
                }
            }

            return found ? (batch, null) : (null, Invalid("readings: missing; a list of readings is needed."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, Invalid($"The body is not valid JSON after item {batch.Lines}: {OneLine(e.Message)}"));
        }
    }

    private static Refusal TooMany() => new(RequestRefusals.BatchTooManyItems, $"The batch has more than {IngestLimits.ItemsMax} items; send smaller ones.");

    private static Refusal Invalid(string detail) => new(RequestRefusals.BodyJsonInvalid, detail);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ") is { Length: > 160 } longer ? longer[..160] : text.ReplaceLineEndings(" ");
}
